-- grain: what fell into a pool in a billing month, by whose it was, component and service
-- key: BillingPeriodStart, BillingCurrency, x_PoolId, SquadId, ComponentId?, ServiceName?
-- materialized: table
-- partitioned-by: BillingPeriodStart
--
-- What stayed with the pool is this and the SharedOut of the same key in fct_pool_charges, added up.
SELECT
  BillingPeriodStart,
  BillingCurrency,
  x_PoolId,
  SquadId,
  ComponentId,
  ServiceName,
  CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
  CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM int_pool_lines
GROUP BY BillingPeriodStart, BillingCurrency, x_PoolId, SquadId, ComponentId, ServiceName
