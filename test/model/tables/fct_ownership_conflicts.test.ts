import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('only charged components whose squad label names another squad are in conflict', async () => {
  const charge = {
    BillingPeriodStart: '2026-01-01',
    BillingCurrency: 'USD',
    ComponentId: 'web',
    BilledCost: '1',
    EffectiveCost: '2',
  };
  const rows = await given('fct_ownership_conflicts', {
    int_charges_owned: [
      { ...charge, SquadId: 'a', x_LabelledSquadId: 'b' },
      { ...charge, SquadId: 'a', x_LabelledSquadId: 'b' },
      { ...charge, SquadId: 'a', x_LabelledSquadId: null },
      { ...charge, SquadId: 'unallocated', x_LabelledSquadId: 'b' },
    ],
  });

  expect(only(rows, 'ComponentId', 'SquadId', 'x_LabelledSquadId', 'BilledCost', 'EffectiveCost')).toEqual([
    ['web', 'a', 'b', '2.000000000', '4.000000000'],
  ]);
});
