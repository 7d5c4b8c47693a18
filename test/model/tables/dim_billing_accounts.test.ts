import { expect, test } from 'vitest';
import { given } from '../given.ts';

const account = {
  BillingAccountId: 'A',
  x_BillingAccountName: 'Main',
  x_IsOpen: true,
  BillingCurrency: 'EUR',
  x_FetchedAt: '2026-10-05 09:00:00+00',
};
const month = {
  BillingAccountId: 'A',
  BillingPeriodStart: '2026-09-01',
  BillingCurrency: 'EUR',
  SubAccountId: 'shop',
  x_FirstChargeDay: '2026-09-02',
  x_LastChargeDay: '2026-09-30',
};

test('counts linked projects, and spans the days of its charges', async () => {
  const [row] = await given('dim_billing_accounts', {
    inp_billing_accounts: [account],
    inp_linked_projects: [
      { BillingAccountId: 'A', SubAccountId: 'shop', x_IsLinked: true },
      { BillingAccountId: 'A', SubAccountId: 'idle', x_IsLinked: true },
      { BillingAccountId: 'A', SubAccountId: 'gone', x_IsLinked: false },
    ],
    fct_billing_account_months: [month, { ...month, SubAccountId: null, x_FirstChargeDay: '2026-09-01' }],
  });

  expect(row).toMatchObject({
    x_LinkedProjectCount: '2',
    x_FirstChargeDay: '2026-09-01',
    x_LastChargeDay: '2026-09-30',
    x_ChargedCurrencies: 'EUR',
    x_CurrencyMatches: true,
  });
});

test('holds its currency against that of its newest month alone', async () => {
  const rows = await given('dim_billing_accounts', {
    inp_billing_accounts: [account, { ...account, BillingAccountId: 'B' }, { ...account, BillingAccountId: 'C' }],
    fct_billing_account_months: [
      { ...month, BillingPeriodStart: '2026-08-01', BillingCurrency: 'USD' },
      month,
      { ...month, BillingAccountId: 'billingAccounts/B', BillingCurrency: 'USD' },
      { ...month, BillingAccountId: 'billingAccounts/B', BillingCurrency: 'EUR', SubAccountId: 'lake' },
    ],
  });

  expect(
    rows.map((row) => [row['BillingAccountId'], row['x_ChargedCurrencies'], row['x_CurrencyMatches']]).sort(),
  ).toEqual([
    ['A', 'EUR', true],
    ['B', 'EUR,USD', false],
    ['C', null, true],
  ]);
});
