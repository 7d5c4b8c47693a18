-- grain: what a component cost a squad in a billing month although a squad label names another squad
-- key: BillingPeriodStart, BillingCurrency, ComponentId, SquadId, x_LabelledSquadId
-- materialized: table
-- partitioned-by: BillingPeriodStart
SELECT
  BillingPeriodStart,
  BillingCurrency,
  ComponentId,
  SquadId,
  x_LabelledSquadId,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM int_charges_owned
WHERE x_LabelledSquadId IS NOT NULL AND SquadId <> 'unallocated'
GROUP BY 1, 2, 3, 4, 5
