import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('only what some condition asks for is read of a charge', async () => {
  const [row] = await given('int_pool_facets', {
    inp_pool_conditions: [
      { x_PoolEntry: 1, x_ConditionId: 1, x_ServicePattern: 'big%' },
      { x_PoolEntry: 1, x_ConditionId: 2, x_NamespacePattern: 'kube:unallocated' },
    ],
  });

  expect(row).toEqual({
    x_ConditionCount: '2',
    x_ReadsComponent: false,
    x_ReadsSquad: false,
    x_ReadsSource: false,
    x_ReadsSubAccount: false,
    x_ReadsService: true,
    x_ReadsSku: false,
    x_ReadsRegion: false,
    x_ReadsChargeCategory: false,
    x_ReadsLabels: true,
  });
});
