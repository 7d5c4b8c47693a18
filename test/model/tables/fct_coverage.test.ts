import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('money is counted by the step that found the owner, or by the reason that nobody did', async () => {
  const charge = { BillingPeriodStart: '2026-01-01', BillingCurrency: 'USD', EffectiveCost: '1', x_ChargeCount: 24 };
  const nobody = { SquadId: 'unallocated', ChargeKind: 'Unallocated' };
  const rows = await given('fct_coverage', {
    int_charges_owned: [
      { ...charge, SquadId: 'a', x_AttributionStep: 'label', BilledCost: '10' },
      { ...charge, SquadId: 'b', x_AttributionStep: 'label', BilledCost: '-4' },
      { ...charge, ...nobody, x_UnallocatedReason: 'no-labels', BilledCost: '1' },
      {
        ...charge,
        ...nobody,
        x_AttributionStep: 'label',
        x_UnallocatedReason: 'owner-unknown',
        BilledCost: '2',
      },
      { ...charge, SquadId: 'unallocated', ChargeKind: 'Direct', BilledCost: '5' },
    ],
  });

  expect(
    only(rows, 'x_AttributionStep', 'x_UnallocatedReason', 'BilledCost', 'x_AbsoluteBilledCost', 'x_ChargeCount'),
  ).toEqual([
    ['label', null, '6.000000000', '14.000000000', '48'],
    ['pool', null, '5.000000000', '5.000000000', '24'],
    ['unallocated', 'no-labels', '1.000000000', '1.000000000', '24'],
    ['unallocated', 'owner-unknown', '2.000000000', '2.000000000', '24'],
  ]);
});

test('currencies and months stay apart', async () => {
  const charge = { SquadId: 'a', x_AttributionStep: 'rule', BilledCost: '1' };
  const rows = await given('fct_coverage', {
    int_charges_owned: [
      { ...charge, BillingPeriodStart: '2026-01-01', BillingCurrency: 'USD' },
      { ...charge, BillingPeriodStart: '2026-01-01', BillingCurrency: 'SEK' },
      { ...charge, BillingPeriodStart: '2026-02-01', BillingCurrency: 'USD' },
    ],
  });

  expect(only(rows, 'BillingPeriodStart', 'BillingCurrency', 'BilledCost')).toEqual([
    ['2026-01-01', 'SEK', '1.000000000'],
    ['2026-01-01', 'USD', '1.000000000'],
    ['2026-02-01', 'USD', '1.000000000'],
  ]);
});
