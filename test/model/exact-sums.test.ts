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
  ...Object.fromEntries(
    ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost', 'PricingQuantity'].map((cost) => [cost, AMOUNT]),
  ),
};

const squad = { SquadId: 'squad', ChargeKind: 'Direct' };
const nobody = { SquadId: 'unallocated', ChargeKind: 'Unallocated' };

test.each([
  ['fct_computed_chargeback', 'int_charges_allocated', squad],
  ['fct_cost_daily', 'int_charges_allocated', squad],
  ['fct_cost_monthly', 'int_charges_allocated', squad],
  ['fct_coverage', 'int_charges_owned', squad],
  ['fct_ownership_conflicts', 'int_charges_owned', { ...squad, x_LabelledSquadId: 'other' }],
  ['fct_unallocated', 'int_charges_owned', nobody],
  ['int_pool_lines', 'int_charges_owned', { ...squad, x_PoolId: 'logs' }],
])('%s adds equal rows of many digits without losing a row or a nano-unit', async (relation, from, more) => {
  const rows = await given(relation, { [from]: [1, 2, 3].map(() => ({ ...charge, ...more })) });

  expect(rows).toHaveLength(1);
  const sums = Object.entries(rows[0]!).filter(([column]) => COSTS.includes(column));
  expect(sums.length).toBeGreaterThan(1);
  expect(sums).toEqual(sums.map(([column]) => [column, THREE_TIMES]));
});
