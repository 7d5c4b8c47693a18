-- No charge without a currency, a billing month, a usage day or one of the four costs: it would drop out of every sum.
SELECT x_ChargeId, x_SourceName, x_BatchId
FROM stg_charges
WHERE
  BillingCurrency IS NULL
  OR BillingPeriodStart IS NULL
  OR ChargePeriodStart IS NULL
  OR ListCost IS NULL
  OR ContractedCost IS NULL
  OR BilledCost IS NULL
  OR EffectiveCost IS NULL
