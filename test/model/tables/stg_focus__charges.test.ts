import { expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';

const staged = (rows: GivenRow[]): Promise<Record<string, unknown>[]> =>
  given('stg_focus__charges', {
    raw_focus: rows.map((row, x_FileRow) => ({
      x_BatchNumber: 0,
      x_FileNumber: 0,
      x_FileRow,
      ChargeCategory: 'Usage',
      BillingCurrency: 'USD',
      BillingPeriodStart: '2026-03-01T00:00:00Z',
      ChargePeriodStart: '2026-03-10T05:00:00Z',
      ListCost: '1',
      ContractedCost: '1',
      BilledCost: '1',
      EffectiveCost: '1',
      ...row,
    })),
    raw_batches: [{ x_BatchNumber: 0, x_SourceName: 'aws', x_BatchId: 'batch-0' }],
  });

test('FOCUS rows are on UTC days and keep the full scale of their costs', async () => {
  const fine = { BilledCost: '0.000000000123456789', ChargePeriodStart: '2026-03-10T23:59:59Z' };

  expect(await staged([fine, { ...fine, ChargePeriodStart: '2026-03-10T00:00:00Z' }])).toMatchObject([
    {
      x_SourceName: 'aws',
      BillingPeriodStart: '2026-03-01',
      ChargePeriodStart: '2026-03-10',
      x_ChargeMonth: '2026-03-01',
      BilledCost: '0.000000000246913578',
      x_ChargeCount: '2',
      x_CreditAmount: null,
    },
  ]);
});

test('FOCUS tags are labels, whatever JSON their values are, each set told once', async () => {
  const tags = '{"Team":"Checkout","cost":12,"live":true,"none":null}';

  const charges = await staged([{ Tags: tags }, { Tags: tags, SkuId: 'other' }, { Tags: null, SkuId: 'bare' }]);

  const labels = (key: string, value: string | null): object => ({ scope: 'label', key, value, namespace: null });
  const told = charges.filter((charge) => charge['x_LabelSet'] !== null).map((charge) => charge['x_LabelSet']);
  expect(told.sort((a, b) => String(b).length - String(a).length)).toEqual([
    [labels('Team', 'Checkout'), labels('cost', '12'), labels('live', 'true'), labels('none', null)],
    [],
  ]);
  expect(new Set(charges.map((charge) => charge['x_LabelSetId'])).size).toBe(2);
});

test('FOCUS tags that are no JSON object stay visible as one label', async () => {
  expect(await staged([{ Tags: '[1, 2]' }])).toMatchObject([
    { x_LabelSet: [{ scope: 'label', key: 'Tags', value: '[1, 2]', namespace: null }] },
  ]);
});

test('FOCUS rows without a service, SKU or sub-account are kept under a name that says so', async () => {
  expect(await staged([{ ServiceName: null, SkuId: null, SubAccountId: null, ChargeCategory: 'Tax' }])).toMatchObject([
    { ServiceName: 'Unknown service', SkuId: null, x_SkuDescription: 'No description', x_SkuGroup: 'Tax' },
  ]);
});

test('FOCUS 1.3 rows name their provider in a column of another name', async () => {
  expect(await staged([{ ProviderName: null, ServiceProviderName: 'AWS', HostProviderName: 'AWS EU' }])).toMatchObject([
    { ProviderName: 'AWS', PublisherName: 'AWS EU' },
  ]);
});

test('corrections and refunds keep their class and sign', async () => {
  const charges = await staged([{ BilledCost: '10' }, { BilledCost: '-10', ChargeClass: 'Correction' }]);

  expect(charges.map((charge) => `${charge['ChargeClass']} ${Number(charge['BilledCost'])}`).sort()).toEqual([
    'Correction -10',
    'null 10',
  ]);
});
