import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

const month = { BillingPeriodStart: '2026-01-01', BillingCurrency: 'USD' };
const costs = (amount: string) => ({
  ListCost: amount,
  ContractedCost: amount,
  BilledCost: amount,
  EffectiveCost: amount,
});
const everywhere = (amount: string) => ({
  fct_stage_sums: ['staging', 'attributed', 'allocated'].map((x_Stage) => ({ x_Stage, ...month, ...costs(amount) })),
  fct_chargeback: [{ ...month, ...costs(amount) }],
  fct_cost_monthly: [{ ...month, ...costs(amount) }],
  fct_cost_daily: [{ ...month, ...costs(amount) }],
});

test('what is equal at every stage holds', async () => {
  const rows = await given('fct_reconciliation', everywhere('10'));

  expect(new Set(rows.map((row) => row['x_Holds']))).toEqual(new Set([true]));
  expect(
    only(
      rows.filter((row) => row['x_CostColumn'] === 'BilledCost'),
      'x_Reconciliation',
      'BillingPeriodStart',
      'x_Expected',
      'x_Actual',
    ),
  ).toEqual([
    ['attributed-to-allocated', '2026-01-01', '10.000000000', '10.000000000'],
    ['staging-to-attributed', '2026-01-01', '10.000000000', '10.000000000'],
    ['staging-to-chargeback', '2026-01-01', '10.000000000', '10.000000000'],
    ['staging-to-daily', '2026-01-01', '10.000000000', '10.000000000'],
    ['staging-to-monthly', '2026-01-01', '10.000000000', '10.000000000'],
  ]);
});

test('a nano-unit too much, a month too many and a missing mart do not hold', async () => {
  const rows = await given('fct_reconciliation', {
    ...everywhere('10'),
    fct_chargeback: [{ ...month, ...costs('10'), BilledCost: '10.000000001' }],
    fct_cost_monthly: [
      { ...month, ...costs('10') },
      { ...month, BillingPeriodStart: '2026-02-01', ...costs('1') },
    ],
    fct_cost_daily: [],
  });

  expect(
    only(
      rows.filter((row) => !row['x_Holds'] && row['x_CostColumn'] === 'BilledCost'),
      'x_Reconciliation',
      'BillingPeriodStart',
      'x_Difference',
    ),
  ).toEqual([
    ['staging-to-chargeback', '2026-01-01', '0.000000001'],
    ['staging-to-daily', '2026-01-01', '-10.000000000'],
    ['staging-to-monthly', '2026-02-01', '1.000000000'],
  ]);
});

test("a batch's own sums are held against staging, exactly for Google's export", async () => {
  const rows = await given('fct_reconciliation', {
    ...everywhere('10'),
    inp_batches: [{ x_SourceName: 'gcp', x_BatchId: 'b', x_SourceKind: 'gcp-billing-detailed' }],
    inp_batch_sums: [
      { x_SourceName: 'gcp', x_BatchId: 'b', BillingCurrency: 'USD', x_SumName: 'cost', x_Sum: '10' },
      { x_SourceName: 'gcp', x_BatchId: 'b', BillingCurrency: 'USD', x_SumName: 'credits', x_Sum: '0' },
      { x_SourceName: 'gcp', x_BatchId: 'b', BillingCurrency: 'USD', x_SumName: 'BilledCost', x_Sum: '10.000000001' },
    ],
  });

  expect(
    only(
      rows.filter((row) => row['x_Reconciliation'] === 'batches-to-staging'),
      'x_CostColumn',
      'x_Expected',
      'x_Holds',
    ),
  ).toEqual([
    ['BilledCost', '10.000000001', false],
    ['ContractedCost', '10.000000000', true],
    ['EffectiveCost', '10.000000001', false],
  ]);
});

test('finer FOCUS amounts may differ by the rounding of each month and no more; a batch of an absent currency does not hold', async () => {
  const batch = { x_SourceName: 'aws', x_BatchId: 'b', x_SumName: 'ListCost' };
  const rows = await given('fct_reconciliation', {
    ...everywhere('10'),
    inp_batches: [{ x_SourceName: 'aws', x_BatchId: 'b', x_SourceKind: 'focus' }],
    inp_batch_sums: [
      { ...batch, BillingCurrency: 'USD', x_Sum: '10.0000000005' },
      { ...batch, BillingCurrency: 'USD', x_SumName: 'BilledCost', x_Sum: '10.000000002' },
      { ...batch, BillingCurrency: 'SEK', x_Sum: '1' },
    ],
  });

  expect(
    only(
      rows.filter((row) => row['x_Reconciliation'] === 'batches-to-staging'),
      'BillingCurrency',
      'x_CostColumn',
      'x_Holds',
    ),
  ).toEqual([
    ['SEK', 'ListCost', false],
    ['USD', 'BilledCost', false],
    ['USD', 'ListCost', true],
  ]);
});

test('of a closed month what was sealed and its true-ups elsewhere are the bill; the month that carries them is its own', async () => {
  const february = { ...month, BillingPeriodStart: '2026-02-01' };
  const bills = { [month.BillingPeriodStart]: '12', [february.BillingPeriodStart]: '5' };
  const ofBills = Object.entries(bills).map(([BillingPeriodStart, amount]) => ({
    ...month,
    BillingPeriodStart,
    ...costs(amount),
  }));
  const closed = {
    fct_stage_sums: ['staging', 'attributed', 'allocated'].flatMap((x_Stage) =>
      ofBills.map((row) => ({ x_Stage, ...row })),
    ),
    fct_cost_monthly: ofBills,
    fct_cost_daily: ofBills,
    fct_closes: [{ BillingPeriodStart: '2026-01-01' }],
    inp_closed_chargeback: [{ ...month, ...costs('10') }],
    fct_chargeback: [
      { ...month, ...costs('10') },
      { ...february, ...costs('5') },
      { ...february, ...costs('2'), ChargeKind: 'TrueUp' },
    ],
    fct_true_ups: [{ ...february, x_TrueUpOf: '2026-01-01', ...costs('2') }],
  };
  const toldOf = async (changed: object) =>
    only(
      (await given('fct_reconciliation', { ...closed, ...changed })).filter(
        (row) => row['x_CostColumn'] === 'BilledCost' && /chargeback/.test(String(row['x_Reconciliation'])),
      ),
      'x_Reconciliation',
      'BillingPeriodStart',
      'x_Expected',
      'x_Actual',
      'x_Holds',
    );

  expect(await toldOf({})).toEqual([
    ['closed-to-chargeback', '2026-01-01', '10.000000000', '10.000000000', true],
    ['staging-to-chargeback', '2026-01-01', '12.000000000', '12.000000000', true],
    ['staging-to-chargeback', '2026-02-01', '5.000000000', '5.000000000', true],
  ]);
  expect(await toldOf({ fct_true_ups: [], inp_closed_chargeback: [{ ...month, ...costs('9') }] })).toEqual([
    ['closed-to-chargeback', '2026-01-01', '9.000000000', '10.000000000', false],
    ['staging-to-chargeback', '2026-01-01', '12.000000000', '10.000000000', false],
    ['staging-to-chargeback', '2026-02-01', '5.000000000', '7.000000000', false],
  ]);
});
