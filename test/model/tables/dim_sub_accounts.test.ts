import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('a project has its latest name; late rows without one change nothing', async () => {
  const charge = { SubAccountId: 'shop-prod', ProviderName: 'Google Cloud' };
  const rows = await given('dim_sub_accounts', {
    fct_sub_account_months: [
      { ...charge, SubAccountName: 'Shop', x_LastChargeDay: '2026-01-01' },
      { ...charge, SubAccountName: 'Web shop', x_LastChargeDay: '2026-02-01' },
      { ...charge, SubAccountName: null, x_LastChargeDay: '2026-03-01' },
    ],
  });

  expect(only(rows, 'SubAccountId', 'SubAccountName', 'ProviderName')).toEqual([
    ['shop-prod', 'Web shop', 'Google Cloud'],
  ]);
});

test('a project that never had a name is called by its id', async () => {
  const rows = await given('dim_sub_accounts', {
    fct_sub_account_months: [{ SubAccountId: 'p-1', x_LastChargeDay: '2026-01-01' }],
  });

  expect(only(rows, 'SubAccountId', 'SubAccountName')).toEqual([['p-1', 'p-1']]);
});
