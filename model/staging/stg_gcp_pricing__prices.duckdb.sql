-- grain: one tier of a SKU's list or contract price for a billing account, as Google's newest price list has it
-- key: BillingAccountId, SkuId, x_PriceKind, x_ConsumptionModelId?, x_TierStart
-- materialized: table
--
-- The export repeats the whole list every day; only the newest pricing_as_of_time of each account counts. Every consumption model
-- has prices of its own; the entry "Default" among them repeats list_price and billing_account_price, which stand here without a
-- model. A contract price is null where the account has none.
WITH
lists AS (
  SELECT billing_account_id, x_SourceName, max(pricing_as_of_time) AS pricing_as_of_time
  FROM raw_gcp_pricing
  GROUP BY billing_account_id, x_SourceName
),
newest_lists AS (
  SELECT *
  FROM lists
  QUALIFY row_number() OVER (PARTITION BY billing_account_id ORDER BY pricing_as_of_time DESC, x_SourceName) = 1
),
skus AS (
  SELECT r.*
  FROM raw_gcp_pricing AS r
  INNER JOIN newest_lists AS n
    ON
      r.billing_account_id IS NOT DISTINCT FROM n.billing_account_id
      AND r.x_SourceName = n.x_SourceName
      AND r.pricing_as_of_time = n.pricing_as_of_time
  WHERE r.sku.id IS NOT NULL
),
model_entries AS (
  SELECT * EXCLUDE (consumption_model_prices), unnest(consumption_model_prices) AS entry
  FROM skus
),
priced AS (
  SELECT
    * EXCLUDE (list_price, billing_account_price, consumption_model_prices),
    NULL::VARCHAR AS x_ConsumptionModelId,
    list_price.tiered_rates AS list_rates,
    billing_account_price.tiered_rates AS contract_rates
  FROM skus
  UNION ALL BY NAME
  SELECT
    * EXCLUDE (list_price, billing_account_price, entry),
    entry.consumption_model_id AS x_ConsumptionModelId,
    entry.list_price.tiered_rates AS list_rates,
    entry.billing_account_price.tiered_rates AS contract_rates
  FROM model_entries
  WHERE entry.consumption_model_id IS NOT NULL AND lower(coalesce(entry.consumption_model_display_name, '')) <> 'default'
),
tiers AS (
  SELECT *, 'list' AS x_PriceKind, unnest(list_rates) AS tier FROM priced
  UNION ALL BY NAME
  SELECT *, 'contract' AS x_PriceKind, unnest(contract_rates) AS tier FROM priced
)
SELECT
  coalesce(billing_account_id, '') AS BillingAccountId,
  sku.id AS SkuId,
  x_PriceKind,
  x_ConsumptionModelId,
  coalesce(tier.start_usage_amount, 0)::DECIMAL(38, 9) AS x_TierStart,
  account_currency_code AS BillingCurrency,
  tier.account_currency_amount AS x_UnitPrice,
  tier.usd_amount AS x_UnitPriceUsd,
  coalesce(tier.pricing_unit_quantity, 1)::DECIMAL(38, 9) AS x_PriceQuantity,
  pricing_unit AS PricingUnit,
  pricing_unit_description AS x_PricingUnitDescription,
  sku.description AS x_SkuDescription,
  service.id AS x_ServiceId,
  service.description AS ServiceName,
  geo_taxonomy.type AS x_GeoType,
  array_to_string(list_sort(geo_taxonomy.regions), ',') AS x_Regions,
  array_to_string(product_taxonomy, ' > ') AS x_Taxonomy,
  pricing_as_of_time AS x_AsOf
FROM tiers
WHERE tier.account_currency_amount IS NOT NULL
QUALIFY
  row_number() OVER (
    PARTITION BY billing_account_id, sku.id, x_PriceKind, x_ConsumptionModelId, coalesce(tier.start_usage_amount, 0)
    ORDER BY tier.account_currency_amount DESC
  ) = 1
