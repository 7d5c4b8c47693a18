-- grain: what one squad is charged for one component and service in a billing month, by kind
-- key: BillingPeriodStart, BillingCurrency, SquadId, ComponentId?, ServiceName?, ChargeKind
-- reconciles-with: fct_computed_chargeback by BillingCurrency on ListCost, ContractedCost, BilledCost, EffectiveCost
-- materialized: table
--
-- An open month is as computed; a closed one is exactly what was sealed. What has become of closed months since stands as TrueUp in
-- the month after the last closed one, so that all months together are as computed. A TrueUp counts no charges: they are counted
-- in the month they are of.
SELECT
  f.BillingPeriodStart,
  f.BillingCurrency,
  f.SquadId,
  f.SquadName,
  f.CostCentre,
  f.ComponentId,
  f.ServiceName,
  f.ChargeKind,
  f.ListCost,
  f.ContractedCost,
  f.BilledCost,
  f.EffectiveCost,
  f.x_ChargeCount
FROM fct_computed_chargeback AS f
LEFT JOIN inp_closes AS c ON c.BillingPeriodStart = f.BillingPeriodStart
WHERE c.BillingPeriodStart IS NULL
UNION ALL
SELECT
  BillingPeriodStart,
  BillingCurrency,
  SquadId,
  SquadName,
  CostCentre,
  ComponentId,
  ServiceName,
  ChargeKind,
  ListCost,
  ContractedCost,
  BilledCost,
  EffectiveCost,
  x_ChargeCount
FROM inp_closed_chargeback
UNION ALL
SELECT
  t.BillingPeriodStart,
  t.BillingCurrency,
  t.SquadId,
  MAX(t.SquadName) AS SquadName,
  MAX(t.CostCentre) AS CostCentre,
  t.ComponentId,
  t.ServiceName,
  'TrueUp' AS ChargeKind,
  CAST(SUM(t.ListCost) AS DECIMAL(38, 9)) AS ListCost,
  CAST(SUM(t.ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
  CAST(SUM(t.BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
  CAST(SUM(t.EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost,
  CAST(0 AS INT64) AS x_ChargeCount
FROM fct_true_ups AS t
LEFT JOIN inp_closes AS c ON c.BillingPeriodStart = t.BillingPeriodStart
WHERE c.BillingPeriodStart IS NULL
GROUP BY t.BillingPeriodStart, t.BillingCurrency, t.SquadId, t.ComponentId, t.ServiceName
