import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('a charge falls into the pool of its subject on its usage day', async () => {
  const charge = { ComponentId: null, ServiceName: 'Support', BilledCost: '1' };
  const rows = await given('int_charges_pooled', {
    int_pool_facets: [
      {
        x_ConditionCount: 1,
        x_ReadsComponent: true,
        x_ReadsSquad: false,
        x_ReadsSource: false,
        x_ReadsSubAccount: false,
        x_ReadsService: true,
        x_ReadsSku: false,
        x_ReadsRegion: false,
        x_ReadsChargeCategory: false,
        x_ReadsLabels: false,
      },
    ],
    int_pool_memberships: [
      {
        x_PoolComponent: null,
        x_PoolService: 'Support',
        x_PoolId: 'support',
        ValidFrom: '2026-01-01',
        ValidTo: '2026-02-01',
      },
    ],
    int_charges_attributed: [
      { ...charge, x_ChargeId: 'in', ChargePeriodStart: '2026-01-31' },
      { ...charge, x_ChargeId: 'later', ChargePeriodStart: '2026-02-01' },
      { ...charge, x_ChargeId: 'of a component', ComponentId: 'web', ChargePeriodStart: '2026-01-31' },
    ],
  });

  expect(only(rows, 'x_ChargeId', 'x_PoolId', 'BilledCost')).toEqual([
    ['in', 'support', '1.000000000'],
    ['later', null, '1.000000000'],
    ['of a component', null, '1.000000000'],
  ]);
});
