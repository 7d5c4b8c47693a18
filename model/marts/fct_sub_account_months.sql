-- grain: a sub-account (a Google Cloud project) under one name in a billing month
-- key: BillingPeriodStart, BillingCurrency, SubAccountId, SubAccountName?, ProviderName?
-- materialized: table
-- partitioned-by: BillingPeriodStart
SELECT
  BillingPeriodStart,
  BillingCurrency,
  SubAccountId,
  SubAccountName,
  ProviderName,
  MIN(ChargePeriodStart) AS x_FirstChargeDay,
  MAX(ChargePeriodStart) AS x_LastChargeDay,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM stg_charges
WHERE SubAccountId IS NOT NULL
GROUP BY BillingPeriodStart, BillingCurrency, SubAccountId, SubAccountName, ProviderName
