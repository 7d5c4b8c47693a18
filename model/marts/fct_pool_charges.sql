-- grain: what a pool passed on in a billing month, by giver or taker, component and service
-- key: BillingPeriodStart, BillingCurrency, x_PoolId, ChargeKind, SquadId, ComponentId?, ServiceName?
-- materialized: table
-- partitioned-by: BillingPeriodStart
--
-- SharedIn of a pool and its SharedOut cancel out in every cost.
SELECT
  BillingPeriodStart,
  BillingCurrency,
  x_PoolId,
  ChargeKind,
  SquadId,
  ComponentId,
  ServiceName,
  CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
  CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM int_pool_charges
GROUP BY BillingPeriodStart, BillingCurrency, x_PoolId, ChargeKind, SquadId, ComponentId, ServiceName
