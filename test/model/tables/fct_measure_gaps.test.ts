import { expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';
import { only } from './rows.ts';

const value = (
  name: string,
  from: string,
  to: string,
  consumer: string | null = null,
  match = 'company',
): GivenRow => ({
  x_MeasureKind: consumer === null ? 'metric' : 'driver',
  x_MeasureName: name,
  x_PeriodStart: from,
  x_PeriodEnd: to,
  x_Consumer: consumer,
  x_ConsumerMatch: match,
});

test('days and months missing between others are one row a run', async () => {
  const rows = await given('fct_measure_gaps', {
    int_measure_values: [
      value('dau', '2026-06-01', '2026-06-02'),
      value('dau', '2026-06-02', '2026-06-03'),
      value('dau', '2026-06-06', '2026-06-07'),
      value('kafka', '2026-01-01', '2026-02-01', 'a', 'component'),
      value('kafka', '2026-02-01', '2026-03-01', 'b', 'component'),
      value('kafka', '2026-04-01', '2026-05-01', 'a', 'component'),
    ],
  });

  expect(
    only(rows, 'x_MeasureKind', 'x_MeasureName', 'x_GapKind', 'x_GapStart', 'x_GapEnd', 'x_Consumer').sort(),
  ).toEqual([
    ['driver', 'kafka', 'missing-periods', '2026-03-01', '2026-04-01', null],
    ['metric', 'dau', 'missing-periods', '2026-06-03', '2026-06-06', null],
  ]);
});

test('a consumer that the catalog does not know is one row, over all the time that names it', async () => {
  const rows = await given('fct_measure_gaps', {
    int_measure_values: [
      value('kafka', '2026-01-01', '2026-02-01', 'ghost', 'unknown'),
      value('kafka', '2026-02-01', '2026-03-01', 'ghost', 'unknown'),
      value('kafka', '2026-02-01', '2026-03-01', 'twin', 'ambiguous'),
    ],
  });

  expect(only(rows, 'x_GapKind', 'x_GapStart', 'x_GapEnd', 'x_Consumer').sort()).toEqual([
    ['ambiguous-consumer', '2026-02-01', '2026-03-01', 'twin'],
    ['unknown-consumer', '2026-01-01', '2026-03-01', 'ghost'],
  ]);
});

test('a driver that stops while charges go on is a gap once its next period is over and five days more', async () => {
  const gaps = async (newest: string) =>
    only(
      await given('fct_measure_gaps', {
        inp_batches: [{ x_ChargePeriodMax: newest }, { x_ChargePeriodMax: null }],
        int_measure_values: [
          value('kafka', '2026-04-01', '2026-05-01', 'a', 'component'),
          value('kafka', '2026-05-01', '2026-06-01', 'a', 'component'),
          value('dau', '2026-07-01', '2026-07-02'),
        ],
      }),
      'x_MeasureName',
      'x_GapKind',
      'x_GapStart',
      'x_GapEnd',
    );

  expect(await gaps('2026-07-06')).toEqual([]);
  expect(await gaps('2026-07-07')).toEqual([['kafka', 'missing-periods', '2026-06-01', '2026-07-08']]);
  expect((await gaps('2026-07-08')).sort()).toEqual([
    ['dau', 'missing-periods', '2026-07-02', '2026-07-09'],
    ['kafka', 'missing-periods', '2026-06-01', '2026-07-09'],
  ]);
});
