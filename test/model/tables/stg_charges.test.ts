import { expect, test } from 'vitest';
import { given } from '../given.ts';

const charge = (id: string, cost: string) => ({
  x_ChargeId: id,
  BillingPeriodStart: '2026-03-01',
  BillingCurrency: 'USD',
  ListCost: cost,
  ContractedCost: cost,
  BilledCost: cost,
  EffectiveCost: cost,
  x_ChargeCount: 1,
});

test('Google’s charges and those of other providers stand together, each once and with 9 decimals', async () => {
  const rows = await given('stg_charges', {
    stg_gcp_billing__charges: [charge('google', '1.000000001')],
    stg_rounded_charges: [charge('focus', '0.24')],
  });

  expect(rows.map((row) => [row['x_ChargeId'], row['BilledCost'], row['EffectiveCost']]).sort()).toEqual([
    ['focus', '0.240000000', '0.240000000'],
    ['google', '1.000000001', '1.000000001'],
  ]);
});
