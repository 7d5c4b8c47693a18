-- grain: a charge, one owner's part of it where its component has several owners, or what a pool passes on of its charges
-- key: x_ChargeId, x_OwnerPosition
-- reconciles-with: int_charges_owned by BillingPeriodStart, BillingCurrency on ListCost, ContractedCost, BilledCost, EffectiveCost, PricingQuantity
-- materialized: view
--
-- No charge is changed: what a pool passes on is added where it goes (SharedIn) and taken off where it came from (SharedOut).
SELECT
  x_ChargeId,
  x_OwnerPosition,
  SquadId,
  ComponentId,
  ChargeKind,
  BillingPeriodStart,
  ChargePeriodStart,
  x_ChargeMonth,
  BillingCurrency,
  ChargeCategory,
  SubAccountId,
  ServiceName,
  SkuId,
  x_SkuDescription,
  x_SkuGroup,
  RegionId,
  PricingUnit,
  x_PoolId,
  x_ChargeCount,
  ListCost,
  ContractedCost,
  BilledCost,
  EffectiveCost,
  PricingQuantity
FROM int_charges_owned
UNION ALL
SELECT
  CONCAT(x_PoolId, '/', CAST(x_PoolLineId AS STRING)) AS x_ChargeId,
  x_TargetPosition AS x_OwnerPosition,
  SquadId,
  ComponentId,
  ChargeKind,
  BillingPeriodStart,
  ChargePeriodStart,
  x_ChargeMonth,
  BillingCurrency,
  ChargeCategory,
  CAST(NULL AS STRING) AS SubAccountId,
  ServiceName,
  CAST(NULL AS STRING) AS SkuId,
  CAST(NULL AS STRING) AS x_SkuDescription,
  CAST(NULL AS STRING) AS x_SkuGroup,
  CAST(NULL AS STRING) AS RegionId,
  CAST(NULL AS STRING) AS PricingUnit,
  x_PoolId,
  0 AS x_ChargeCount,
  ListCost,
  ContractedCost,
  BilledCost,
  EffectiveCost,
  CAST(0 AS DECIMAL(38, 9)) AS PricingQuantity
FROM int_pool_charges
