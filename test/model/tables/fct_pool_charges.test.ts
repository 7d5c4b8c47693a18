import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('what a pool passed on in a month adds up by giver and taker, service and component', async () => {
  const charge = { BillingPeriodStart: '2026-01-01', BillingCurrency: 'USD', x_PoolId: 'logs', ServiceName: 'Logging' };
  const rows = await given('fct_pool_charges', {
    int_pool_charges: [
      { ...charge, ChargeKind: 'SharedOut', SquadId: 'platform', BilledCost: '-3' },
      { ...charge, ChargeKind: 'SharedIn', SquadId: 'a', BilledCost: '1' },
      { ...charge, ChargeKind: 'SharedIn', SquadId: 'a', ComponentId: 'web', BilledCost: '1' },
      { ...charge, ChargeKind: 'SharedIn', SquadId: 'a', ComponentId: 'web', BilledCost: '1' },
    ],
  });

  expect(only(rows, 'ChargeKind', 'SquadId', 'ComponentId', 'BilledCost')).toEqual([
    ['SharedIn', 'a', 'web', '2.000000000'],
    ['SharedIn', 'a', null, '1.000000000'],
    ['SharedOut', 'platform', null, '-3.000000000'],
  ]);
});
