-- grain: what one squad's component cost on a usage day, by service, SKU group, project and charge category
-- key: ChargePeriodStart, BillingCurrency, SquadId, ComponentId?, ServiceName?, x_SkuGroup?, SubAccountId?, ChargeCategory
-- reconciles-with: stg_charges by ChargePeriodStart, BillingCurrency on ListCost, ContractedCost, BilledCost, EffectiveCost
-- materialized: table
SELECT
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
GROUP BY ChargePeriodStart, BillingCurrency, SquadId, ComponentId, ServiceName, x_SkuGroup, SubAccountId, ChargeCategory
ORDER BY SquadId, ChargePeriodStart
