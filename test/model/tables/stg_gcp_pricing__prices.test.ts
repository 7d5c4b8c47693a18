import { expect, test } from 'vitest';
import { given } from '../given.ts';

const tier = (start: number, price: string, quantity = 1) => ({
  pricing_unit_quantity: quantity,
  start_usage_amount: start,
  usd_amount: price,
  account_currency_amount: price,
});
const rates = (...tiers: object[]) => ({ tiered_rates: tiers });

const row = {
  x_SourceName: 'prices',
  export_time: '2026-10-02 14:00:00+00',
  pricing_as_of_time: '2026-10-02 07:00:00+00',
  billing_account_id: '010101-F0FFF0-61C528',
  service: { id: 'S', description: 'Compute Engine' },
  sku: { id: 'K', description: 'N1 Core' },
  product_taxonomy: ['GCP', 'Compute'],
  geo_taxonomy: { type: 'MULTI_REGION', regions: ['us-east1', 'us-central1'] },
  pricing_unit: 'h',
  account_currency_code: 'EUR',
  list_price: rates(tier(0, '0')),
};

const prices = async (...rows: object[]) =>
  (await given('stg_gcp_pricing__prices', { raw_gcp_pricing: rows as Record<string, unknown>[] }))
    .map((price) =>
      [
        price['BillingAccountId'],
        price['SkuId'],
        price['x_PriceKind'],
        price['x_ConsumptionModelId'] ?? '-',
        Number(price['x_TierStart']),
        price['x_UnitPrice'],
      ].join(' '),
    )
    .sort();

test('gives each tier of list, contract and consumption model a row, and the default model none of its own', async () => {
  expect(
    await prices({
      ...row,
      billing_account_id: 'A',
      list_price: rates(tier(0, '0'), tier(1024.5, '0.031611000')),
      billing_account_price: rates(tier(0, '0.02')),
      consumption_model_prices: [
        { consumption_model_id: 'D', consumption_model_display_name: 'Default', list_price: rates(tier(0, '9')) },
        { consumption_model_id: 'FLEX', list_price: rates(tier(0, '0.0227')), billing_account_price: null },
      ],
    }),
  ).toEqual([
    'A K contract - 0 0.020000000',
    'A K list - 0 0.000000000',
    'A K list - 1024.5 0.031611000',
    'A K list FLEX 0 0.022700000',
  ]);
});

test('keeps one pricing_as_of_time of each account: the newest, of one source', async () => {
  const of = (account: string, day: string, price: string, source = 'prices') => ({
    ...row,
    x_SourceName: source,
    billing_account_id: account,
    pricing_as_of_time: `2026-10-${day} 07:00:00+00`,
    list_price: rates(tier(0, price)),
  });

  expect(await prices(of('A', '01', '1'), of('A', '02', '2'), of('A', '02', '3', 'twin'), of('B', '01', '4'))).toEqual([
    'A K list - 0 2.000000000',
    'B K list - 0 4.000000000',
  ]);
});

test('counts a row that was loaded twice once, and leaves out what has no SKU or no price', async () => {
  expect(
    await prices(row, row, { ...row, sku: { id: null } }, { ...row, sku: { id: 'L' }, list_price: rates() }),
  ).toEqual(['010101-F0FFF0-61C528 K list - 0 0.000000000']);
});

test('says what the SKU is, where, in which unit, and how many units a price is for', async () => {
  const [price] = await given('stg_gcp_pricing__prices', {
    raw_gcp_pricing: [{ ...row, list_price: rates(tier(0, '0.4', 1_000_000)) }],
  });

  expect(price).toMatchObject({
    BillingCurrency: 'EUR',
    x_UnitPriceUsd: '0.400000000',
    x_PriceQuantity: '1000000.000000000',
    PricingUnit: 'h',
    x_SkuDescription: 'N1 Core',
    x_ServiceId: 'S',
    ServiceName: 'Compute Engine',
    x_GeoType: 'MULTI_REGION',
    x_Regions: 'us-central1,us-east1',
    x_Taxonomy: 'GCP > Compute',
    x_AsOf: '2026-10-02 07:00:00+00',
  });
});
