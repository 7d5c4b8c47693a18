import { expect, test } from 'vitest';
import { given } from '../given.ts';
import { only } from './rows.ts';

test('each stage is summed by month and currency, on its own', async () => {
  const month = { BillingPeriodStart: '2026-01-01', BillingCurrency: 'USD' };
  const costs = { ListCost: '4', ContractedCost: '3', BilledCost: '2', EffectiveCost: '1' };
  const rows = await given('fct_stage_sums', {
    stg_charges: [
      { ...month, ...costs },
      { ...month, ...costs, BillingCurrency: 'SEK' },
      { ...month, ...costs, BilledCost: '0.000000001' },
    ],
    int_charges_attributed: [{ ...month, ...costs }],
    int_charges_allocated: [{ ...month, ...costs, BilledCost: '7' }],
  });

  expect(only(rows, 'x_Stage', 'BillingCurrency', 'ListCost', 'BilledCost', 'EffectiveCost')).toEqual([
    ['allocated', 'USD', '4.000000000', '7.000000000', '1.000000000'],
    ['attributed', 'USD', '4.000000000', '2.000000000', '1.000000000'],
    ['staging', 'SEK', '4.000000000', '2.000000000', '1.000000000'],
    ['staging', 'USD', '8.000000000', '2.000000001', '2.000000000'],
  ]);
});
