-- grain: a SKU of Google Cloud with its list price in a currency
-- key: SkuId, BillingCurrency
-- materialized: table
--
-- ListUnitPrice is that of the first tier that costs anything, for x_PriceQuantity units of PricingUnit from x_TierStart units on;
-- dim_sku_prices has all tiers, contract prices and prices under commitments. Several accounts of a currency have one public
-- price list, so any of them tells it. x_Regions is separated by commas, x_Taxonomy by ">".
WITH
list_tiers AS (
  SELECT
    SkuId,
    BillingCurrency,
    BillingAccountId,
    x_SkuDescription,
    x_ServiceId,
    ServiceName,
    x_Taxonomy,
    x_GeoType,
    x_Regions,
    PricingUnit,
    x_PricingUnitDescription,
    x_TierStart,
    x_UnitPrice,
    x_PriceQuantity,
    'pricing-export' AS x_PriceSource,
    x_AsOf
  FROM stg_gcp_pricing__prices
  WHERE x_PriceKind = 'list' AND x_ConsumptionModelId IS NULL
  UNION ALL
  SELECT
    SkuId,
    BillingCurrency,
    '' AS BillingAccountId,
    x_SkuDescription,
    x_ServiceId,
    ServiceName,
    x_Taxonomy,
    x_GeoType,
    x_Regions,
    PricingUnit,
    x_PricingUnitDescription,
    x_TierStart,
    x_UnitPrice,
    CAST(1 AS DECIMAL(38, 9)) AS x_PriceQuantity,
    'sku-catalog' AS x_PriceSource,
    x_AsOf
  FROM inp_catalog_prices
)

SELECT
  SkuId,
  BillingCurrency,
  x_SkuDescription,
  x_ServiceId,
  ServiceName,
  x_Taxonomy,
  x_GeoType,
  x_Regions,
  PricingUnit,
  x_PricingUnitDescription,
  x_UnitPrice AS ListUnitPrice,
  x_PriceQuantity,
  x_TierStart,
  COUNT(*) OVER (PARTITION BY SkuId, BillingCurrency, BillingAccountId) AS x_TierCount,
  x_PriceSource,
  x_AsOf
FROM list_tiers
WHERE TRUE
QUALIFY
  ROW_NUMBER() OVER (
    PARTITION BY SkuId, BillingCurrency
    ORDER BY x_AsOf DESC, BillingAccountId, CASE WHEN x_UnitPrice > 0 THEN 0 ELSE 1 END, x_TierStart
  ) = 1
