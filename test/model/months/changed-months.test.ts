import { describe, expect, test } from 'vitest';
import { changedMonths, type BatchMonths, type MonthsBasis } from '../../../model/months/changed-months.ts';

const batch = (batchId: string, ...billingPeriods: string[]): BatchMonths => ({
  source: 'gcp',
  batchId,
  projection: 'p',
  billingPeriods,
});
const basis = (...batches: BatchMonths[]): MonthsBasis => ({ basis: 'same', batches });
const may = batch('may', '2026-05-01');
const june = batch('june', '2026-05-01', '2026-06-01');

describe('the months to make anew', () => {
  test.each<[string, MonthsBasis, MonthsBasis, string[]]>([
    ['none where no batch differs, whatever their order', basis(may, june), basis(june, may), []],
    ['those of a new batch', basis(may), basis(may, june), ['2026-05-01', '2026-06-01']],
    ['those of a batch that is gone', basis(may, june), basis(june), ['2026-05-01']],
    [
      'the old and the new ones of a replaced batch',
      basis(may, batch('old', '2026-03-01')),
      basis(may, batch('new', '2026-04-01')),
      ['2026-03-01', '2026-04-01'],
    ],
    [
      'those of a batch that is read by other columns than before',
      basis(june),
      basis({ ...june, projection: 'q' }),
      ['2026-05-01', '2026-06-01'],
    ],
    ['those of a batch that moved to another source', basis(may), basis({ ...may, source: 'copy' }), ['2026-05-01']],
  ])('are %s', (_, before, now, expected) => {
    expect(changedMonths(before, now)).toEqual(expected);
  });

  test('are all of them where nothing was built before, or anything but the batches differs', () => {
    expect(changedMonths(null, basis(may))).toBeNull();
    expect(changedMonths(basis(may), { ...basis(may), basis: 'other' })).toBeNull();
  });
});
