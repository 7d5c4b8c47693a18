import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { always, only } from './rows.ts';

const thirds = [
  { x_OwnerPosition: 1, SquadId: 'a', x_OwnerShare: '0.333333333', x_ShareUpTo: '0.333333333' },
  { x_OwnerPosition: 2, SquadId: 'b', x_OwnerShare: '0.333333333', x_ShareUpTo: '0.666666666' },
  { x_OwnerPosition: 3, SquadId: null, x_OwnerShare: '0.333333334', x_ShareUpTo: '1' },
].map((share) => ({ ComponentId: 'search', ...always, ...share }));

test('parts add up to the charge to the last digit, also of a negative and of a single nano-unit', async () => {
  const charge = {
    ComponentId: 'search',
    x_OwnerCount: 3,
    ChargePeriodStart: '2026-02-01',
    x_ChargeCount: 24,
    ListCost: '0.000000001',
    BilledCost: '-10',
  };
  const rows = await given('int_joint_charges', {
    int_charges_pooled: [{ ...charge, x_ChargeId: 'one' }],
    int_component_shares: thirds,
  });

  expect(only(rows, 'x_OwnerPosition', 'SquadId', 'BilledCost', 'ListCost', 'x_ChargeCount')).toEqual([
    ['1', 'a', '-3.333333330', '0.000000000', '24'],
    ['2', 'b', '-3.333333330', '0.000000001', '0'],
    ['3', null, '-3.333333340', '0.000000000', '0'],
  ]);
});

test('charges of single owners and of other days are not shared', async () => {
  const rows = await given('int_joint_charges', {
    int_charges_pooled: [
      { x_ChargeId: 'single', ComponentId: 'web', x_OwnerCount: 1, ChargePeriodStart: '2026-02-01', BilledCost: '1' },
      { x_ChargeId: 'nobody', ComponentId: null, x_OwnerCount: 0, ChargePeriodStart: '2026-02-01', BilledCost: '1' },
    ],
    int_component_shares: thirds,
  });

  expect(rows).toEqual([]);
});
