import { expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';

const staged = (rows: GivenRow[]): Promise<Record<string, unknown>[]> =>
  given('stg_gcp_focus__charges', {
    raw_gcp_focus: rows.map((row, x_FileRow) => ({
      x_BatchNumber: 0,
      x_FileNumber: 0,
      x_FileRow,
      ChargeCategory: 'Usage',
      BillingCurrency: 'EUR',
      BillingPeriodStart: '2026-03-01T08:00:00Z',
      ChargePeriodStart: '2026-03-10T12:00:00Z',
      ListCost: '1',
      ContractedCost: '1',
      BilledCost: '1',
      EffectiveCost: '1',
      ...row,
    })),
    raw_batches: [{ x_BatchNumber: 0, x_SourceName: 'gcp', x_BatchId: 'batch-0' }],
  });

test('Google’s FOCUS months begin at midnight in California, in winter and in summer', async () => {
  const charges = await staged([
    { BillingPeriodStart: '2026-03-01T08:00:00Z', ChargePeriodStart: '2026-03-01T07:59:00Z' },
    { BillingPeriodStart: '2026-07-01T07:00:00Z', ChargePeriodStart: '2026-07-01T07:00:00Z' },
  ]);

  const days = charges.map((charge) => `${charge['BillingPeriodStart']} ${charge['ChargePeriodStart']}`);
  expect(days.sort()).toEqual(['2026-03-01 2026-02-28', '2026-07-01 2026-07-01']);
});

test('costs are as the file has them, and credits are told beside them without multiplying anything', async () => {
  const credits = [{ Amount: '-0.25' }, { Amount: '-0.25' }];

  expect(
    await staged([
      { BilledCost: '0.5', x_Credits: credits },
      { BilledCost: '0.5', x_Credits: [] },
    ]),
  ).toMatchObject([
    {
      BilledCost: '1.000000000000000000',
      ContractedCost: '2.000000000000000000',
      x_CreditAmount: '-0.500000000000000000',
      x_ChargeCount: '2',
    },
  ]);
});

test('the project, labels, tags and folders come from Google’s own columns', async () => {
  const [charge] = await staged([
    {
      SubAccountId: 'projects/1',
      x_Project: {
        Id: 'shop-prod',
        Name: 'Shop',
        Ancestors: [{ ResourceName: 'folders/7' }, { ResourceName: 'organizations/1' }],
      },
      x_Labels: [{ Key: 'component', Value: 'cart' }],
      x_Tags: [{ Key: 'env', Value: 'prod', x_Inherited: true, x_Namespace: '123' }],
      x_ProjectLabels: [{ Key: 'squad', Value: 'checkout' }],
      ChargeDescription: 'Commitment v1: Cpu for 1 Year',
    },
  ]);

  expect(charge).toMatchObject({
    SubAccountId: 'shop-prod',
    SubAccountName: 'Shop',
    ProviderName: 'Google Cloud',
    ChargeCategory: 'Purchase',
    x_SkuGroup: 'Commitment fees',
    x_LabelSet: [
      { scope: 'label', key: 'component', value: 'cart', namespace: null },
      { scope: 'inherited-tag', key: 'env', value: 'prod', namespace: '123' },
      { scope: 'project-label', key: 'squad', value: 'checkout', namespace: null },
      { scope: 'folder', key: 'folder', value: 'folders/7', namespace: null },
    ],
  });
});

test('rows without a project stay, under no project', async () => {
  expect(await staged([{ x_Project: null, ChargeCategory: 'Tax', BilledCost: '7' }])).toMatchObject([
    { SubAccountId: null, ChargeCategory: 'Tax', BilledCost: '7.000000000000000000' },
  ]);
});
