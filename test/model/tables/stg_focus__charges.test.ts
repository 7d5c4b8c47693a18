import { expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';

const BATCHES = [{ x_BatchNumber: 0, x_SourceName: 'clouds', x_BatchId: 'batch-0' }];

const raw = (more: GivenRow): GivenRow => ({
  x_BatchNumber: 0,
  BillingPeriodStart: '2024-09-01T00:00:00Z',
  ChargePeriodStart: '2024-09-18T22:00:00Z',
  ChargeCategory: 'Usage',
  ProviderName: 'AWS',
  ServiceName: 'Amazon Simple Queue Service',
  SkuId: 'G95',
  BillingCurrency: 'USD',
  ListCost: '1',
  ContractedCost: '1',
  BilledCost: '1',
  EffectiveCost: '1',
  ...more,
});

const staged = (rows: GivenRow[]) => given('stg_focus__charges', { raw_focus: rows, raw_batches: BATCHES });

test('equal rows are summed at the full scale of the file, never taken for one', async () => {
  const rows = await staged([raw({ BilledCost: '0.000000800405' }), raw({ BilledCost: '0.000000800405' })]);

  expect(rows).toMatchObject([{ BilledCost: '0.000001600810000000', x_ChargeCount: '2' }]);
});

test('days and billing months are those of UTC, whatever the session or the workspace says', async () => {
  const rows = await staged([
    raw({ BillingPeriodStart: '2024-10-01T00:00:00Z', ChargePeriodStart: '2024-09-30T23:30:00Z' }),
  ]);

  expect(rows).toMatchObject([
    { BillingPeriodStart: '2024-10-01', ChargePeriodStart: '2024-09-30', x_ChargeMonth: '2024-09-01' },
  ]);
});

test('charges with tags, without any, and with a text that is no JSON all stay, each with its own label set', async () => {
  const rows = await staged([
    raw({ Tags: '{"squad": "encore"}', BilledCost: '1' }),
    raw({ Tags: null, BilledCost: '2' }),
    raw({ Tags: 'not json', BilledCost: '4' }),
  ]);

  expect(rows.map((row) => Number(row['BilledCost'])).sort()).toEqual([1, 2, 4]);
  expect(new Set(rows.map((row) => row['x_LabelSetId'])).size).toBe(3);
});

test('a credit below zero and a charge without a service or SKU keep their money and say what is missing', async () => {
  const rows = await staged([raw({ ChargeCategory: 'Credit', BilledCost: '-5', ServiceName: null, SkuId: null })]);

  expect(rows).toMatchObject([
    { ChargeCategory: 'Credit', BilledCost: '-5.000000000000000000', ServiceName: 'Unknown service', SkuId: null },
  ]);
});
