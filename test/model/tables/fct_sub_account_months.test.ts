import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('a project has a row for each billing month and name, with its first and last day and cost', async () => {
  const charge = {
    BillingPeriodStart: '2026-02-01',
    BillingCurrency: 'USD',
    SubAccountId: 'shop-prod',
    SubAccountName: 'Shop',
    BilledCost: '1',
    EffectiveCost: '0.5',
  };
  const rows = await given('fct_sub_account_months', {
    stg_charges: [
      { ...charge, ChargePeriodStart: '2026-01-31' },
      { ...charge, ChargePeriodStart: '2026-02-10' },
      { ...charge, ChargePeriodStart: '2026-02-11', SubAccountName: null },
      { ...charge, ChargePeriodStart: '2026-03-01', BillingPeriodStart: '2026-03-01' },
      { ...charge, ChargePeriodStart: '2026-02-12', SubAccountId: null },
    ],
  });

  expect(
    only(
      rows,
      'BillingPeriodStart',
      'SubAccountName',
      'x_FirstChargeDay',
      'x_LastChargeDay',
      'BilledCost',
      'EffectiveCost',
    ),
  ).toEqual([
    ['2026-02-01', 'Shop', '2026-01-31', '2026-02-10', '2.000000000', '1.000000000'],
    ['2026-02-01', null, '2026-02-11', '2026-02-11', '1.000000000', '0.500000000'],
    ['2026-03-01', 'Shop', '2026-03-01', '2026-03-01', '1.000000000', '0.500000000'],
  ]);
});
