-- grain: what a billing account was charged for a sub-account, or for none, in a billing month
-- key: BillingPeriodStart, BillingCurrency, BillingAccountId, SubAccountId?
-- materialized: table
-- partitioned-by: BillingPeriodStart
SELECT
  BillingPeriodStart,
  BillingCurrency,
  BillingAccountId,
  SubAccountId,
  MIN(ChargePeriodStart) AS x_FirstChargeDay,
  MAX(ChargePeriodStart) AS x_LastChargeDay,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM stg_charges
WHERE BillingAccountId IS NOT NULL
GROUP BY BillingPeriodStart, BillingCurrency, BillingAccountId, SubAccountId
