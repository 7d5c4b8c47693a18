import { expect, test } from 'vitest';
import { given, type GivenRow } from './given.ts';

/** Twenty-one digits: a binary float keeps fifteen, and three equal rows are three charges. */
const AMOUNT = '123456789012.000000001';
const THREE_TIMES = '370370367036.000000003';
const COSTS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost', 'x_AbsoluteBilledCost', 'PricingQuantity'];

const charge: GivenRow = {
  x_ChargeId: 'same',
  BillingPeriodStart: '2026-01-01',
  ChargePeriodStart: '2026-01-01',
  x_ChargeMonth: '2026-01-01',
  BillingCurrency: 'USD',
  ComponentId: 'web',
  ChargeKind: 'Direct',
  x_LabelledSquadId: 'other',
  ...Object.fromEntries(
    ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost', 'PricingQuantity'].map((cost) => [cost, AMOUNT]),
  ),
};

test.each([
  ['fct_chargeback', 'squad'],
  ['fct_cost_daily', 'squad'],
  ['fct_cost_monthly', 'squad'],
  ['fct_coverage', 'squad'],
  ['fct_ownership_conflicts', 'squad'],
  ['fct_unallocated', 'unallocated'],
])('%s adds equal rows of many digits without losing a row or a nano-unit', async (mart, SquadId) => {
  const rows = await given(mart, { int_charges_allocated: [1, 2, 3].map(() => ({ ...charge, SquadId })) });

  expect(rows).toHaveLength(1);
  const sums = Object.entries(rows[0]!).filter(([column]) => COSTS.includes(column));
  expect(sums.length).toBeGreaterThan(1);
  expect(sums).toEqual(sums.map(([column]) => [column, THREE_TIMES]));
});
