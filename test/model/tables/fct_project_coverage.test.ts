import { expect, test } from 'vitest';
import { given } from '../given.ts';

const charged = (SubAccountId: string | null, first: string, last: string, more: object = {}) => ({
  BillingAccountId: 'A',
  BillingPeriodStart: `${last.slice(0, 7)}-01`,
  BillingCurrency: 'USD',
  SubAccountId,
  x_FirstChargeDay: first,
  x_LastChargeDay: last,
  BilledCost: '1',
  EffectiveCost: '1',
  ...more,
});
const linked = (SubAccountId: string, more: object = {}) => ({
  BillingAccountId: 'A',
  SubAccountId,
  x_IsLinked: true,
  x_IsBillingEnabled: true,
  x_FirstLinkedAt: '2026-01-01 00:00:00+00',
  x_LastLinkedAt: '2026-10-01 00:00:00+00',
  ...more,
});

const coverage = (months: object[], projects: object[]) =>
  given('fct_project_coverage', {
    inp_billing_accounts: [{ BillingAccountId: 'A' }, { BillingAccountId: 'B' }],
    inp_linked_projects: projects as Record<string, unknown>[],
    fct_billing_account_months: months as Record<string, unknown>[],
  });

test.each([
  ['missing', [], [linked('p')]],
  ['disabled', [], [linked('p', { x_IsBillingEnabled: false })]],
  ['disabled', [charged('p', '2026-01-01', '2026-09-30')], [linked('p', { x_IsBillingEnabled: false })]],
  ['covered', [charged('p', '2026-01-01', '2026-09-30')], [linked('p')]],
  ['covered', [charged('p', '2026-01-01', '2026-08-31')], [linked('p')]],
  ['quiet', [charged('p', '2026-01-01', '2026-08-30')], [linked('p')]],
  ['new', [charged('p', '2026-09-01', '2026-09-30')], [linked('p')]],
  ['covered', [charged('p', '2026-08-31', '2026-09-30')], [linked('p')]],
  ['unlinked', [charged('p', '2026-01-01', '2026-08-01')], []],
  ['unlinked', [charged('p', '2026-01-01', '2026-09-01')], [linked('p', { x_IsLinked: false })]],
  ['former', [charged('p', '2026-01-01', '2026-07-31')], []],
  ['moved', [charged('p', '2026-01-01', '2026-09-01')], [linked('p', { BillingAccountId: 'B' })]],
  ['former', [charged('p', '2026-01-01', '2026-07-31')], [linked('p', { BillingAccountId: 'B' })]],
])('a project is %s, held against charges to 2026-09-30 (case %#)', async (status, months, projects) => {
  const always = charged('always', '2026-01-01', '2026-09-30');
  const rows = await coverage([always, ...months], [linked('always'), ...projects]);

  const [row] = rows.filter((one) => one['SubAccountId'] === 'p' && one['BillingAccountId'] === 'A');
  expect(row!['x_ProjectStatus']).toBe(status);
});

test('none is new while the export itself is younger than a month', async () => {
  const rows = await coverage(
    [charged('always', '2026-09-10', '2026-09-30'), charged('p', '2026-09-20', '2026-09-30')],
    [linked('always'), linked('p')],
  );

  expect(rows.map((row) => row['x_ProjectStatus'])).toEqual(['covered', 'covered']);
});

test('a project that moved between configured accounts stands under both, and names its home', async () => {
  const rows = await coverage(
    [
      charged('p', '2026-01-01', '2026-09-10'),
      charged('always', '2026-01-01', '2026-09-30'),
      charged('p', '2026-09-11', '2026-09-30', { BillingAccountId: 'billingAccounts/B' }),
    ],
    [linked('p', { BillingAccountId: 'B' }), linked('always')],
  );

  expect(
    rows
      .filter((row) => row['SubAccountId'] === 'p')
      .map((row) => [row['BillingAccountId'], row['x_ProjectStatus'], row['x_LinkedBillingAccountId']])
      .sort(),
  ).toEqual([
    ['A', 'moved', 'B'],
    ['B', 'covered', 'B'],
  ]);
});

test('says what a project cost in its last billing month, first and last day, and leaves other accounts and no project out', async () => {
  const rows = await coverage(
    [
      charged('p', '2026-08-03', '2026-08-31', { BilledCost: '9', EffectiveCost: '9' }),
      charged('p', '2026-09-01', '2026-09-29', { BilledCost: '2.5', EffectiveCost: '2' }),
      charged('p', '2026-09-01', '2026-09-29', { BilledCost: '-3', EffectiveCost: '0', BillingCurrency: 'SEK' }),
      charged(null, '2026-09-01', '2026-09-30'),
      charged('aws', '2026-09-01', '2026-09-30', { BillingAccountId: '123456789012' }),
    ],
    [linked('p')],
  );

  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    SubAccountId: 'p',
    x_FirstChargeDay: '2026-08-03',
    x_LastChargeDay: '2026-09-29',
    x_LastBillingPeriod: '2026-09-01',
    BillingCurrency: 'SEK',
    BilledCost: '-3.000000000',
    x_FirstLinkedAt: '2026-01-01 00:00:00+00',
  });
});
