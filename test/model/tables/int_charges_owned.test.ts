import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('the kind of a charge follows its category, but nobody is charged without a squad', async () => {
  const rows = await given('int_charges_owned', {
    int_charges_pooled: [
      { x_ChargeId: 'usage', SquadId: 'a', ChargeCategory: 'Usage' },
      { x_ChargeId: 'fee', SquadId: 'a', ChargeCategory: 'Purchase' },
      { x_ChargeId: 'tax', SquadId: 'a', ChargeCategory: 'Tax' },
      { x_ChargeId: 'adjustment', SquadId: 'a', ChargeCategory: 'Adjustment' },
      { x_ChargeId: 'lost', SquadId: null, ChargeCategory: 'Tax', x_UnallocatedReason: 'no-project' },
    ],
  });

  expect(only(rows, 'x_ChargeId', 'SquadId', 'ChargeKind', 'x_OwnerShare', 'x_UnallocatedReason')).toEqual([
    ['adjustment', 'a', 'Adjustment', '1.000000000', null],
    ['fee', 'a', 'Direct', '1.000000000', null],
    ['lost', 'unallocated', 'Unallocated', '1.000000000', 'no-project'],
    ['tax', 'a', 'Tax', '1.000000000', null],
    ['usage', 'a', 'Direct', '1.000000000', null],
  ]);
});

test('a jointly owned charge comes as its parts instead, and the part of an unknown owner is unallocated', async () => {
  const rows = await given('int_charges_owned', {
    int_charges_pooled: [
      { x_ChargeId: 'joint', ComponentId: 'search', SquadId: 'a', x_OwnerCount: 2, BilledCost: '10' },
    ],
    int_joint_charges: [
      { x_ChargeId: 'joint', x_OwnerPosition: 1, ComponentId: 'search', SquadId: 'a', BilledCost: '6' },
      { x_ChargeId: 'joint', x_OwnerPosition: 2, ComponentId: 'search', SquadId: null, BilledCost: '4' },
    ],
  });

  expect(only(rows, 'x_OwnerPosition', 'SquadId', 'ComponentId', 'BilledCost', 'x_UnallocatedReason')).toEqual([
    ['1', 'a', 'search', '6.000000000', null],
    ['2', 'unallocated', 'search', '4.000000000', 'owner-unknown'],
  ]);
});

test('a charge that a pool takes needs no owner and no reason, and keeps the owner it has', async () => {
  const rows = await given('int_charges_owned', {
    int_charges_pooled: [
      { x_ChargeId: 'mine', SquadId: 'a', ChargeCategory: 'Usage', x_PoolId: 'logs' },
      {
        x_ChargeId: 'nobody',
        SquadId: null,
        ChargeCategory: 'Usage',
        x_PoolId: 'support',
        x_UnallocatedReason: 'no-project',
      },
    ],
  });

  expect(only(rows, 'x_ChargeId', 'SquadId', 'ChargeKind', 'x_PoolId', 'x_UnallocatedReason')).toEqual([
    ['mine', 'a', 'Direct', 'logs', null],
    ['nobody', 'unallocated', 'Direct', 'support', null],
  ]);
});
