import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('what falls into a pool is summed by day, giver and service, with a number of its own', async () => {
  const charge = {
    x_PoolId: 'logs',
    BillingPeriodStart: '2026-01-01',
    BillingCurrency: 'USD',
    ChargePeriodStart: '2026-01-10',
    SquadId: 'platform',
    ServiceName: 'Logging',
    ChargeCategory: 'Usage',
    BilledCost: '1',
    EffectiveCost: '2',
  };
  const rows = await given('int_pool_lines', {
    int_charges_owned: [
      charge,
      { ...charge, SubAccountId: 'p', BilledCost: '0.5' },
      { ...charge, ComponentId: 'log-archive' },
      { ...charge, ChargePeriodStart: '2026-01-11' },
      { ...charge, x_PoolId: null },
    ],
  });

  expect(only(rows, 'x_PoolLineId', 'ChargePeriodStart', 'ComponentId', 'BilledCost', 'EffectiveCost')).toEqual([
    ['1', '2026-01-10', null, '1.500000000', '4.000000000'],
    ['2', '2026-01-10', 'log-archive', '1.000000000', '2.000000000'],
    ['3', '2026-01-11', null, '1.000000000', '2.000000000'],
  ]);
});
