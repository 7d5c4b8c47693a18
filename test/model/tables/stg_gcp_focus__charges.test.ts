import { expect, test } from 'vitest';
import { given, type GivenRow } from '../given.ts';

const BATCHES = [{ x_BatchNumber: 0, x_SourceName: 'gcp', x_BatchId: 'batch-0' }];

const raw = (more: GivenRow): GivenRow => ({
  x_BatchNumber: 0,
  BillingPeriodStart: '2026-09-01T07:00:00Z',
  ChargePeriodStart: '2026-09-18T12:00:00Z',
  ChargeCategory: 'Usage',
  ServiceName: 'Compute Engine',
  SkuId: '2E27-4F75-95CD',
  BillingCurrency: 'USD',
  ListCost: '1',
  ContractedCost: '1',
  BilledCost: '1',
  EffectiveCost: '1',
  ...more,
});

const staged = (rows: GivenRow[]) =>
  given('stg_gcp_focus__charges', {
    raw_gcp_focus: rows.map((row, index) => ({ x_FileNumber: 0, x_FileRow: index, ...row })),
    raw_batches: BATCHES,
  });

test('a usage evening in the Pacific belongs to that day, and the billing month begins at Pacific midnight', async () => {
  const rows = await staged([raw({ ChargePeriodStart: '2026-10-01T03:00:00Z' })]);

  expect(rows).toMatchObject([
    { BillingPeriodStart: '2026-09-01', ChargePeriodStart: '2026-09-30', x_ChargeMonth: '2026-09-01' },
  ]);
});

test('winter months, which begin an hour later in UTC, are the same month', async () => {
  const rows = await staged([
    raw({ BillingPeriodStart: '2026-12-01T08:00:00Z', ChargePeriodStart: '2026-12-01T08:00:00Z' }),
  ]);

  expect(rows).toMatchObject([{ BillingPeriodStart: '2026-12-01', ChargePeriodStart: '2026-12-01' }]);
});

test('equal rows are two charges, and a charge without a project stays', async () => {
  const rows = await staged([
    raw({ SubAccountId: null, BilledCost: '0.5' }),
    raw({ SubAccountId: null, BilledCost: '0.5' }),
  ]);

  expect(rows).toMatchObject([{ SubAccountId: null, BilledCost: '1.000000000000000000', x_ChargeCount: '2' }]);
});
