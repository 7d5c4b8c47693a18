import { expect, test } from 'vitest';
import { given } from '../given.ts';

const exported = {
  BillingAccountId: 'A',
  SkuId: 'K',
  BillingCurrency: 'USD',
  x_PriceKind: 'list',
  x_PriceQuantity: '1',
  x_TierStart: '0',
  x_AsOf: '2026-10-02 07:00:00+00',
};

const skus = async (prices: object[], catalog: object[] = []) =>
  (
    await given('dim_sku', {
      stg_gcp_pricing__prices: prices as Record<string, unknown>[],
      inp_catalog_prices: catalog as Record<string, unknown>[],
    })
  )
    .map((row) =>
      [row['SkuId'], row['BillingCurrency'], row['ListUnitPrice'], Number(row['x_TierStart']), row['x_TierCount']].join(
        ' ',
      ),
    )
    .sort();

test('shows the first tier that costs anything, and how many tiers there are', async () => {
  expect(
    await skus([
      { ...exported, x_UnitPrice: '0' },
      { ...exported, x_TierStart: '1', x_UnitPrice: '0.12' },
      { ...exported, x_TierStart: '1024', x_UnitPrice: '0.11' },
      { ...exported, SkuId: 'FREE', x_UnitPrice: '0' },
    ]),
  ).toEqual(['FREE USD 0.000000000 0 1', 'K USD 0.120000000 1 3']);
});

test('is one row a SKU and currency however many accounts have the list; contract and commitment prices are not list prices', async () => {
  expect(
    await skus([
      { ...exported, x_UnitPrice: '2' },
      { ...exported, x_UnitPrice: '2', BillingAccountId: 'B' },
      { ...exported, x_UnitPrice: '20', BillingAccountId: 'C', BillingCurrency: 'SEK' },
      { ...exported, x_UnitPrice: '1', x_PriceKind: 'contract' },
      { ...exported, x_UnitPrice: '1', x_ConsumptionModelId: 'FLEX' },
    ]),
  ).toEqual(['K SEK 20.000000000 0 1', 'K USD 2.000000000 0 1']);
});

test('takes the public price list where there is no export, and says so', async () => {
  const [row] = await given('dim_sku', {
    inp_catalog_prices: [
      {
        SkuId: 'K',
        BillingCurrency: 'EUR',
        x_SkuDescription: 'N1 Core',
        x_ServiceId: 'S',
        ServiceName: 'Compute Engine',
        PricingUnit: 'h',
        x_GeoType: 'REGIONAL',
        x_Regions: 'us-central1',
        x_TierStart: '0',
        x_UnitPrice: '2.933908',
        x_AsOf: '2026-09-01 07:00:00+00',
      },
    ],
  });

  expect(row).toMatchObject({
    x_SkuDescription: 'N1 Core',
    ServiceName: 'Compute Engine',
    ListUnitPrice: '2.933908000',
    x_PriceQuantity: '1.000000000',
    x_PriceSource: 'sku-catalog',
    x_Regions: 'us-central1',
    x_AsOf: '2026-09-01 07:00:00+00',
  });
});
