-- grain: what one step of attribution found an owner for in a billing month, what only a pool takes, or what stayed unallocated for one reason
-- key: BillingPeriodStart, BillingCurrency, x_AttributionStep, x_UnallocatedReason?
-- reconciles-with: stg_charges by BillingPeriodStart, BillingCurrency on BilledCost, EffectiveCost
-- materialized: table
-- partitioned-by: BillingPeriodStart
SELECT
  BillingPeriodStart,
  BillingCurrency,
  CASE
    WHEN ChargeKind = 'Unallocated' THEN 'unallocated'
    WHEN SquadId = 'unallocated' THEN 'pool'
    ELSE x_AttributionStep
  END AS x_AttributionStep,
  x_UnallocatedReason,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost,
  CAST(SUM(ABS(BilledCost)) AS DECIMAL(38, 9)) AS x_AbsoluteBilledCost,
  CAST(SUM(x_ChargeCount) AS INT64) AS x_ChargeCount
FROM int_charges_owned
GROUP BY 1, 2, 3, 4
