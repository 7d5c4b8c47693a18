-- What a pool takes off and what it passes on cancel out, per billing month, currency and pool, in every cost.
SELECT
  BillingPeriodStart,
  BillingCurrency,
  x_PoolId,
  SUM(ListCost) AS ListCost,
  SUM(ContractedCost) AS ContractedCost,
  SUM(BilledCost) AS BilledCost,
  SUM(EffectiveCost) AS EffectiveCost
FROM fct_pool_charges
GROUP BY BillingPeriodStart, BillingCurrency, x_PoolId
HAVING
  SUM(fct_pool_charges.ListCost) <> 0
  OR SUM(fct_pool_charges.ContractedCost) <> 0
  OR SUM(fct_pool_charges.BilledCost) <> 0
  OR SUM(fct_pool_charges.EffectiveCost) <> 0
