import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('sums what an account was charged for a project in a billing month, and what belongs to no project', async () => {
  const charge = {
    BillingAccountId: 'A',
    BillingPeriodStart: '2026-09-01',
    BillingCurrency: 'USD',
    SubAccountId: 'shop',
    ChargePeriodStart: '2026-09-03',
    BilledCost: '1.5',
    EffectiveCost: '1',
  };
  const rows = await given('fct_billing_account_months', {
    stg_charges: [
      charge,
      { ...charge, ChargePeriodStart: '2026-09-01', BilledCost: '-0.5' },
      { ...charge, SubAccountId: null },
      { ...charge, BillingAccountId: 'B' },
      { ...charge, BillingAccountId: null },
    ],
  });

  expect(rows.map((row) => [row['BillingAccountId'], row['SubAccountId'], row['BilledCost']]).sort()).toEqual([
    ['A', null, '1.500000000'],
    ['A', 'shop', '1.000000000'],
    ['B', 'shop', '1.500000000'],
  ]);
  expect(rows.find((row) => row['BilledCost'] === '1.000000000')).toMatchObject({
    x_FirstChargeDay: '2026-09-01',
    x_LastChargeDay: '2026-09-03',
    EffectiveCost: '2.000000000',
  });
});
