-- fct_unallocated and fct_coverage tell of the same unallocated money as fct_computed_chargeback.
WITH
told AS (
  SELECT 'chargeback' AS x_Teller, BillingPeriodStart, BillingCurrency, BilledCost, EffectiveCost
  FROM fct_computed_chargeback
  WHERE ChargeKind = 'Unallocated'
  UNION ALL
  SELECT 'unallocated' AS x_Teller, BillingPeriodStart, BillingCurrency, BilledCost, EffectiveCost
  FROM fct_unallocated
  UNION ALL
  SELECT 'coverage' AS x_Teller, BillingPeriodStart, BillingCurrency, BilledCost, EffectiveCost
  FROM fct_coverage
  WHERE x_AttributionStep = 'unallocated'
),

sums AS (
  SELECT
    x_Teller,
    BillingPeriodStart,
    BillingCurrency,
    SUM(BilledCost) AS x_Billed,
    SUM(EffectiveCost) AS x_Effective
  FROM told
  GROUP BY x_Teller, BillingPeriodStart, BillingCurrency
)

SELECT BillingPeriodStart, BillingCurrency
FROM sums
GROUP BY BillingPeriodStart, BillingCurrency
HAVING COUNT(*) <> 3 OR MIN(x_Billed) <> MAX(x_Billed) OR MIN(x_Effective) <> MAX(x_Effective)
