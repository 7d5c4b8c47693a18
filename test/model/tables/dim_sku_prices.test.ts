import { expect, test } from 'vitest';
import { given } from '../given.ts';

test('takes the prices of the export as they are, and public prices as list prices of no account and one unit', async () => {
  const price = {
    SkuId: 'K',
    BillingCurrency: 'USD',
    PricingUnit: 'h',
    x_TierStart: '0',
    x_AsOf: '2026-10-02 07:00:00+00',
  };
  const rows = await given('dim_sku_prices', {
    stg_gcp_pricing__prices: [
      {
        ...price,
        BillingAccountId: 'A',
        x_PriceKind: 'contract',
        x_ConsumptionModelId: 'FLEX',
        x_UnitPrice: '0.4',
        x_UnitPriceUsd: '0.5',
        x_PriceQuantity: '1000000',
      },
    ],
    inp_catalog_prices: [
      { ...price, x_UnitPrice: '2.933908' },
      { ...price, BillingCurrency: 'SEK', x_UnitPrice: '30' },
    ],
  });

  expect(rows.map((row) => ({ ...row, x_AsOf: null }))).toEqual([
    {
      SkuId: 'K',
      BillingCurrency: 'USD',
      BillingAccountId: 'A',
      x_PriceKind: 'contract',
      x_ConsumptionModelId: 'FLEX',
      x_TierStart: '0.000000000',
      x_UnitPrice: '0.400000000',
      x_UnitPriceUsd: '0.500000000',
      x_PriceQuantity: '1000000.000000000',
      PricingUnit: 'h',
      x_PriceSource: 'pricing-export',
      x_AsOf: null,
    },
    {
      SkuId: 'K',
      BillingCurrency: 'USD',
      BillingAccountId: null,
      x_PriceKind: 'list',
      x_ConsumptionModelId: null,
      x_TierStart: '0.000000000',
      x_UnitPrice: '2.933908000',
      x_UnitPriceUsd: '2.933908000',
      x_PriceQuantity: '1.000000000',
      PricingUnit: 'h',
      x_PriceSource: 'sku-catalog',
      x_AsOf: null,
    },
    expect.objectContaining({ BillingCurrency: 'SEK', x_UnitPrice: '30.000000000', x_UnitPriceUsd: null }),
  ]);
});
