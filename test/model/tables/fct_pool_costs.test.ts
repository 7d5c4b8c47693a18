import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('what fell into a pool in a month adds up over days and categories, by whose it was', async () => {
  const line = { BillingPeriodStart: '2026-01-01', BillingCurrency: 'USD', x_PoolId: 'logs', ServiceName: 'Logging' };
  const rows = await given('fct_pool_costs', {
    int_pool_lines: [
      { ...line, x_PoolLineId: '1', ChargePeriodStart: '2026-01-01', SquadId: 'platform', BilledCost: '1.000000001' },
      { ...line, x_PoolLineId: '2', ChargePeriodStart: '2026-01-02', SquadId: 'platform', BilledCost: '2' },
      { ...line, x_PoolLineId: '3', SquadId: 'platform', ChargeCategory: 'Credit', BilledCost: '-0.5' },
      { ...line, x_PoolLineId: '4', SquadId: 'unallocated', BilledCost: '4' },
      { ...line, x_PoolLineId: '5', SquadId: 'platform', BillingCurrency: 'EUR', BilledCost: '8' },
    ],
  });

  expect(only(rows, 'BillingCurrency', 'SquadId', 'BilledCost')).toEqual([
    ['EUR', 'platform', '8.000000000'],
    ['USD', 'platform', '2.500000001'],
    ['USD', 'unallocated', '4.000000000'],
  ]);
});
