import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('usage month and billing month stay apart, and quantities of one unit add up', async () => {
  const charge = {
    x_ChargeMonth: '2026-01-01',
    BillingPeriodStart: '2026-01-01',
    BillingCurrency: 'USD',
    SquadId: 'a',
    ServiceName: 's',
    SkuId: 'k',
    ChargeCategory: 'Usage',
    PricingUnit: 'hour',
    PricingQuantity: '2',
    EffectiveCost: '1',
  };
  const rows = await given('fct_cost_monthly', {
    int_charges_allocated: [
      charge,
      charge,
      { ...charge, BillingPeriodStart: '2026-02-01' },
      { ...charge, PricingUnit: 'gibibyte' },
    ],
  });

  expect(only(rows, 'x_ChargeMonth', 'BillingPeriodStart', 'PricingUnit', 'PricingQuantity', 'EffectiveCost')).toEqual([
    ['2026-01-01', '2026-01-01', 'gibibyte', '2.000000000', '1.000000000'],
    ['2026-01-01', '2026-01-01', 'hour', '4.000000000', '2.000000000'],
    ['2026-01-01', '2026-02-01', 'hour', '2.000000000', '1.000000000'],
  ]);
});

test('rows without any quantity have none, which is not zero', async () => {
  const rows = await given('fct_cost_monthly', {
    int_charges_allocated: [{ x_ChargeMonth: '2026-01-01', SquadId: 'a', BilledCost: '1', PricingQuantity: null }],
  });

  expect(only(rows, 'BilledCost', 'PricingQuantity')).toEqual([['1.000000000', null]]);
});
