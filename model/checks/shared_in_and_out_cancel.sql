-- What squads pass on and what squads receive cancel out, per billing month and currency.
SELECT BillingPeriodStart, BillingCurrency, SUM(BilledCost) AS BilledCost, SUM(EffectiveCost) AS EffectiveCost
FROM fct_chargeback
WHERE ChargeKind IN ('SharedIn', 'SharedOut')
GROUP BY BillingPeriodStart, BillingCurrency
HAVING SUM(fct_chargeback.BilledCost) <> 0 OR SUM(fct_chargeback.EffectiveCost) <> 0
