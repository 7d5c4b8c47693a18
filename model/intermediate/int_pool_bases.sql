-- grain: what a squad's component cost directly in a billing month in which pools pass something on
-- key: BillingPeriodStart, BillingCurrency, SquadId, ComponentId?
-- materialized: table
--
-- What falls into pools is no direct cost, nor is what nobody owns.
SELECT
  o.BillingPeriodStart,
  o.BillingCurrency,
  o.SquadId,
  o.ComponentId,
  CAST(SUM(o.ListCost) AS DECIMAL(38, 9)) AS ListCost,
  CAST(SUM(o.BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(o.EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM int_charges_owned AS o
INNER JOIN (SELECT DISTINCT BillingPeriodStart, BillingCurrency FROM int_pool_lines) AS m
  ON m.BillingPeriodStart = o.BillingPeriodStart AND m.BillingCurrency = o.BillingCurrency
WHERE o.x_PoolId IS NULL AND o.SquadId <> 'unallocated'
GROUP BY o.BillingPeriodStart, o.BillingCurrency, o.SquadId, o.ComponentId
