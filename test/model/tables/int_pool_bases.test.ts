import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('direct cost is what no pool takes and somebody owns, in months that have a pool', async () => {
  const month = { BillingPeriodStart: '2026-01-01', BillingCurrency: 'USD' };
  const charge = { ...month, SquadId: 'a', ComponentId: 'web', BilledCost: '1', EffectiveCost: '2', ListCost: '3' };
  const rows = await given('int_pool_bases', {
    int_pool_lines: [month, month],
    int_charges_owned: [
      charge,
      charge,
      { ...charge, ComponentId: null },
      { ...charge, x_PoolId: 'logs' },
      { ...charge, SquadId: 'unallocated' },
      { ...charge, BillingPeriodStart: '2026-02-01' },
    ],
  });

  expect(only(rows, 'SquadId', 'ComponentId', 'BilledCost', 'EffectiveCost', 'ListCost')).toEqual([
    ['a', 'web', '2.000000000', '4.000000000', '6.000000000'],
    ['a', null, '1.000000000', '2.000000000', '3.000000000'],
  ]);
});
