-- grain: one tier of a SKU's price: a contract price for one billing account, or a list price
-- key: SkuId, BillingCurrency, BillingAccountId?, x_PriceKind, x_ConsumptionModelId?, x_TierStart
-- materialized: table
--
-- x_UnitPrice is for x_PriceQuantity units of PricingUnit, from x_TierStart units on; tiers begin anew every day or month.
-- x_PriceKind is list or contract; tiers of the two need not line up. x_PriceSource is pricing-export, or sku-catalog for
-- public list prices, which are of no account. Null x_ConsumptionModelId: without a spend-based commitment.
SELECT
  SkuId,
  BillingCurrency,
  BillingAccountId,
  x_PriceKind,
  x_ConsumptionModelId,
  x_TierStart,
  x_UnitPrice,
  x_UnitPriceUsd,
  x_PriceQuantity,
  PricingUnit,
  'pricing-export' AS x_PriceSource,
  x_AsOf
FROM stg_gcp_pricing__prices
UNION ALL
SELECT
  SkuId,
  BillingCurrency,
  CAST(NULL AS STRING) AS BillingAccountId,
  'list' AS x_PriceKind,
  CAST(NULL AS STRING) AS x_ConsumptionModelId,
  x_TierStart,
  x_UnitPrice,
  CASE WHEN BillingCurrency = 'USD' THEN x_UnitPrice END AS x_UnitPriceUsd,
  CAST(1 AS DECIMAL(38, 9)) AS x_PriceQuantity,
  PricingUnit,
  'sku-catalog' AS x_PriceSource,
  x_AsOf
FROM inp_catalog_prices
