import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('charges stay as they are, and what pools pass on comes beside them', async () => {
  const rows = await given('int_charges_allocated', {
    int_charges_owned: [
      {
        x_ChargeId: 'c',
        x_OwnerPosition: 1,
        SquadId: 'platform',
        ChargeKind: 'Direct',
        BilledCost: '10',
        x_ChargeCount: 3,
        SubAccountId: 'p',
      },
    ],
    int_pool_charges: [
      {
        x_PoolLineId: 7,
        x_TargetPosition: 0,
        x_PoolId: 'logs',
        SquadId: 'platform',
        ChargeKind: 'SharedOut',
        BilledCost: '-10',
      },
      {
        x_PoolLineId: 7,
        x_TargetPosition: 1,
        x_PoolId: 'logs',
        SquadId: 'a',
        ChargeKind: 'SharedIn',
        BilledCost: '10',
      },
    ],
  });

  expect(
    only(rows, 'x_ChargeId', 'x_OwnerPosition', 'SquadId', 'ChargeKind', 'BilledCost', 'x_ChargeCount', 'SubAccountId'),
  ).toEqual([
    ['c', '1', 'platform', 'Direct', '10.000000000', '3', 'p'],
    ['logs/7', '0', 'platform', 'SharedOut', '-10.000000000', '0', null],
    ['logs/7', '1', 'a', 'SharedIn', '10.000000000', '0', null],
  ]);
});
