import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('charges of every provider stand beside each other, Google’s usage exports as they are', async () => {
  const charges = await given('stg_charges', {
    stg_gcp_billing__charges: [{ x_ChargeId: 'google', BilledCost: '0.100000001', x_ChargeCount: 24 }],
    stg_rounded_charges: [{ x_ChargeId: 'aws', BilledCost: '2', x_ChargeCount: 1, ProviderName: 'AWS' }],
  });

  expect(charges).toMatchObject([
    { x_ChargeId: 'google', BilledCost: '0.100000001', x_ChargeCount: '24', ProviderName: null },
    { x_ChargeId: 'aws', BilledCost: '2.000000000', x_ChargeCount: '1', ProviderName: 'AWS' },
  ]);
});
