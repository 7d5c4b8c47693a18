import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('a project has its latest name; late rows without one change nothing', async () => {
  const charge = { SubAccountId: 'shop-prod', ProviderName: 'Google Cloud' };
  const rows = await given('dim_sub_accounts', {
    stg_charges: [
      { ...charge, SubAccountName: 'Shop', ChargePeriodStart: '2026-01-01' },
      { ...charge, SubAccountName: 'Web shop', ChargePeriodStart: '2026-02-01' },
      { ...charge, SubAccountName: null, ChargePeriodStart: '2026-03-01' },
      { SubAccountId: null, SubAccountName: null, ChargePeriodStart: '2026-03-01' },
    ],
  });

  expect(only(rows, 'SubAccountId', 'SubAccountName', 'ProviderName')).toEqual([
    ['shop-prod', 'Web shop', 'Google Cloud'],
  ]);
});

test('a project that never had a name is called by its id', async () => {
  const rows = await given('dim_sub_accounts', {
    stg_charges: [{ SubAccountId: 'p-1', ChargePeriodStart: '2026-01-01' }],
  });

  expect(only(rows, 'SubAccountId', 'SubAccountName')).toEqual([['p-1', 'p-1']]);
});
