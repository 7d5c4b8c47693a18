-- grain: what one squad's component cost in a usage month, by SKU, project, region, charge category and billing month
-- key: x_ChargeMonth, BillingPeriodStart, BillingCurrency, SquadId, ComponentId?, ServiceName?, SkuId?, x_SkuDescription?, x_SkuGroup?, SubAccountId?, RegionId?, ChargeCategory, PricingUnit?
-- reconciles-with: stg_charges by BillingPeriodStart, BillingCurrency on ListCost, ContractedCost, BilledCost, EffectiveCost, PricingQuantity
-- materialized: table
-- partitioned-by: BillingPeriodStart
-- clustered-by: SquadId, x_ChargeMonth
SELECT
  x_ChargeMonth,
  BillingPeriodStart,
  BillingCurrency,
  SquadId,
  ComponentId,
  ServiceName,
  SkuId,
  x_SkuDescription,
  x_SkuGroup,
  SubAccountId,
  RegionId,
  ChargeCategory,
  PricingUnit,
  CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
  CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost,
  CAST(SUM(PricingQuantity) AS DECIMAL(38, 9)) AS PricingQuantity
FROM int_charges_allocated
GROUP BY
  x_ChargeMonth,
  BillingPeriodStart,
  BillingCurrency,
  SquadId,
  ComponentId,
  ServiceName,
  SkuId,
  x_SkuDescription,
  x_SkuGroup,
  SubAccountId,
  RegionId,
  ChargeCategory,
  PricingUnit
