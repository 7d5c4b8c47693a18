import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always, only } from './rows.ts';

test('a subject that nothing names has one epoch for all days', async () => {
  const rows = await given('int_attribution_epochs', {
    int_attribution_subjects: [{ x_SubjectId: 1 }],
    inp_catalog_states: [{ ...always, x_IsEmpty: false }],
  });

  expect(only(rows, 'x_SubjectId', 'ValidFrom', 'ValidTo')).toEqual([['1', '1900-01-01', '2999-12-31']]);
});

test('epochs turn where a candidate begins or ends and where its owners change, for that subject alone', async () => {
  const rows = await given('int_attribution_epochs', {
    int_attribution_subjects: [{ x_SubjectId: 1 }, { x_SubjectId: 2 }],
    inp_catalog_states: [{ ...always, x_IsEmpty: false }],
    int_attribution_candidates: [
      { x_SubjectId: 1, ComponentId: 'web', ValidFrom: '2026-01-01', ValidTo: '2999-12-31' },
    ],
    int_component_shares: [
      { ComponentId: 'web', ValidFrom: '1900-01-01', ValidTo: '2026-03-01' },
      { ComponentId: 'web', ValidFrom: '2026-03-01', ValidTo: '2999-12-31' },
    ],
  });

  expect(only(rows, 'x_SubjectId', 'ValidFrom', 'ValidTo')).toEqual([
    ['1', '1900-01-01', '2026-01-01'],
    ['1', '2026-01-01', '2026-03-01'],
    ['1', '2026-03-01', '2999-12-31'],
    ['2', '1900-01-01', '2999-12-31'],
  ]);
});
