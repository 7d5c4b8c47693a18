-- What a pool's line gives away and keeps is the line: nothing is taken off beyond it, nothing invented.
SELECT l.x_PoolLineId, l.x_PoolId, l.EffectiveCost, -o.EffectiveCost AS x_PassedOn
FROM int_pool_lines AS l
INNER JOIN int_pool_charges AS o ON o.x_PoolLineId = l.x_PoolLineId AND o.ChargeKind = 'SharedOut'
WHERE
  ABS(o.ListCost) > ABS(l.ListCost)
  OR ABS(o.ContractedCost) > ABS(l.ContractedCost)
  OR ABS(o.BilledCost) > ABS(l.BilledCost)
  OR ABS(o.EffectiveCost) > ABS(l.EffectiveCost)
UNION ALL
-- A line of which a pool keeps nothing is passed on to the last unit.
SELECT l.x_PoolLineId, l.x_PoolId, l.EffectiveCost, -COALESCE(o.EffectiveCost, 0) AS x_PassedOn
FROM int_pool_lines AS l
LEFT JOIN int_pool_charges AS o ON o.x_PoolLineId = l.x_PoolLineId AND o.ChargeKind = 'SharedOut'
LEFT JOIN int_pool_shares AS k
  ON
    k.x_IsKept
    AND k.x_PoolId = l.x_PoolId
    AND k.BillingPeriodStart = l.BillingPeriodStart
    AND k.BillingCurrency = l.BillingCurrency
    AND k.ValidFrom <= l.ChargePeriodStart
    AND l.ChargePeriodStart < k.ValidTo
WHERE
  k.x_PoolId IS NULL
  AND (
    l.ListCost + COALESCE(o.ListCost, 0) <> 0
    OR l.ContractedCost + COALESCE(o.ContractedCost, 0) <> 0
    OR l.BilledCost + COALESCE(o.BilledCost, 0) <> 0
    OR l.EffectiveCost + COALESCE(o.EffectiveCost, 0) <> 0
  )
