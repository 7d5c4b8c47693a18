import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

const reads = {
  x_ConditionCount: 1,
  x_ReadsComponent: true,
  x_ReadsSquad: false,
  x_ReadsSource: false,
  x_ReadsSubAccount: false,
  x_ReadsService: false,
  x_ReadsSku: true,
  x_ReadsRegion: false,
  x_ReadsChargeCategory: false,
  x_ReadsLabels: false,
};
const charges = [
  { ComponentId: 'web', ServiceName: 'A', SkuId: '1', x_SkuDescription: 'Core' },
  { ComponentId: 'web', ServiceName: 'B', SkuId: '1', x_SkuDescription: 'Core' },
  { ComponentId: null, ServiceName: 'A', SkuId: '1', x_SkuDescription: 'Core' },
];

test('charges that differ only in what no pool reads are one subject', async () => {
  const rows = await given('int_pool_subjects', { int_pool_facets: [reads], int_charges_attributed: charges });

  expect(only(rows, 'x_PoolComponent', 'x_PoolSku', 'x_PoolSkuDescription', 'x_PoolService')).toEqual([
    ['web', '1', 'Core', null],
    [null, '1', 'Core', null],
  ]);
});

test('without pools there is no subject', async () => {
  const none = { ...reads, x_ConditionCount: 0 };

  expect(await given('int_pool_subjects', { int_pool_facets: [none], int_charges_attributed: charges })).toEqual([]);
});
