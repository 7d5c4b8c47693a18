-- grain: what a stage of the model whose rows are not published came to in a billing month
-- key: BillingPeriodStart, BillingCurrency, x_Stage
-- materialized: table
-- partitioned-by: BillingPeriodStart
SELECT
  'staging' AS x_Stage,
  BillingPeriodStart,
  BillingCurrency,
  CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
  CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM stg_charges
GROUP BY BillingPeriodStart, BillingCurrency
UNION ALL
SELECT
  'attributed' AS x_Stage,
  BillingPeriodStart,
  BillingCurrency,
  CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
  CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM int_charges_attributed
GROUP BY BillingPeriodStart, BillingCurrency
UNION ALL
SELECT
  'allocated' AS x_Stage,
  BillingPeriodStart,
  BillingCurrency,
  CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
  CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
  CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
FROM int_charges_allocated
GROUP BY BillingPeriodStart, BillingCurrency
