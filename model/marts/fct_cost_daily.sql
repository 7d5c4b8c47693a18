-- grain: what one squad's component cost on a usage day, by service, SKU group, project, charge category and billing month
-- key: BillingPeriodStart, ChargePeriodStart, BillingCurrency, SquadId, ComponentId?, ServiceName?, x_SkuGroup?, SubAccountId?, ChargeCategory
-- reconciles-with: stg_charges by BillingPeriodStart, ChargePeriodStart, BillingCurrency on ListCost, ContractedCost, BilledCost, EffectiveCost
-- materialized: table
-- partitioned-by: BillingPeriodStart
-- clustered-by: SquadId, ChargePeriodStart
SELECT
  BillingPeriodStart,
  ChargePeriodStart,
  BillingCurrency,
  SquadId,
  ComponentId,
  ServiceName,
  x_SkuGroup,
  SubAccountId,
  ChargeCategory,
  CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
  CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM int_charges_allocated
GROUP BY
  BillingPeriodStart,
  ChargePeriodStart,
  BillingCurrency,
  SquadId,
  ComponentId,
  ServiceName,
  x_SkuGroup,
  SubAccountId,
  ChargeCategory
