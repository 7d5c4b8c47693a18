-- grain: what has become of a line of a closed month (x_TrueUpOf) since it was sealed, in the billing month it is charged in
-- key: BillingPeriodStart, x_TrueUpOf, BillingCurrency, SquadId, ComponentId?, ServiceName?, x_TrueUpKind
-- materialized: table
--
-- Charged in the month after the last closed one, until that is closed too: then as sealed with it, and only what comes on top is
-- charged later. x_Cause: late rows (the month's bill has other rows and another sum than when it was last trued up), restated (same
-- bill, and what x_Changed names differs: attribution, pools, catalog, drivers, model), or both. x_TrueUpKind is the line's own kind.
WITH
charged_in AS (
  SELECT LAST_DAY(MAX(BillingPeriodStart)) + 1 AS BillingPeriodStart
  FROM inp_closes
),

sides AS (
  SELECT
    f.BillingPeriodStart AS x_TrueUpOf,
    f.BillingCurrency,
    f.SquadId,
    f.ComponentId,
    f.ServiceName,
    f.ChargeKind AS x_TrueUpKind,
    f.ListCost,
    f.ContractedCost,
    f.BilledCost,
    f.EffectiveCost
  FROM fct_computed_chargeback AS f
  INNER JOIN inp_closes AS c ON c.BillingPeriodStart = f.BillingPeriodStart
  UNION ALL
  SELECT
    BillingPeriodStart AS x_TrueUpOf,
    BillingCurrency,
    SquadId,
    ComponentId,
    ServiceName,
    ChargeKind AS x_TrueUpKind,
    -ListCost AS ListCost,
    -ContractedCost AS ContractedCost,
    -BilledCost AS BilledCost,
    -EffectiveCost AS EffectiveCost
  FROM inp_closed_chargeback
  WHERE ChargeKind <> 'TrueUp'
  UNION ALL
  SELECT
    x_TrueUpOf,
    BillingCurrency,
    SquadId,
    ComponentId,
    ServiceName,
    x_TrueUpKind,
    -ListCost AS ListCost,
    -ContractedCost AS ContractedCost,
    -BilledCost AS BilledCost,
    -EffectiveCost AS EffectiveCost
  FROM inp_closed_true_ups
),

differences AS (
  SELECT
    x_TrueUpOf,
    BillingCurrency,
    SquadId,
    ComponentId,
    ServiceName,
    x_TrueUpKind,
    CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS x_ListCost,
    CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS x_ContractedCost,
    CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS x_BilledCost,
    CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS x_EffectiveCost
  FROM sides
  GROUP BY x_TrueUpOf, BillingCurrency, SquadId, ComponentId, ServiceName, x_TrueUpKind
),

bills AS (
  SELECT
    x_TrueUpOf,
    BillingCurrency,
    SUM(x_ListCost) <> 0
    OR SUM(x_ContractedCost) <> 0
    OR SUM(x_BilledCost) <> 0
    OR SUM(x_EffectiveCost) <> 0 AS x_IsBillChanged
  FROM differences
  GROUP BY x_TrueUpOf, BillingCurrency
)

SELECT
  i.BillingPeriodStart,
  d.x_TrueUpOf,
  d.BillingCurrency,
  d.SquadId,
  COALESCE(s.SquadName, l.SquadName, CASE WHEN d.SquadId = 'unallocated' THEN 'Unallocated' ELSE d.SquadId END) AS SquadName,
  CASE WHEN s.SquadId IS NULL THEN l.CostCentre ELSE s.CostCentre END AS CostCentre,
  d.ComponentId,
  d.ServiceName,
  d.x_TrueUpKind,
  d.x_ListCost AS ListCost,
  d.x_ContractedCost AS ContractedCost,
  d.x_BilledCost AS BilledCost,
  d.x_EffectiveCost AS EffectiveCost,
  CASE
    WHEN c.x_HasOtherRows AND c.x_Changed IS NULL THEN 'late rows'
    WHEN c.x_HasOtherRows AND b.x_IsBillChanged THEN 'late rows and restated'
    ELSE 'restated'
  END AS x_Cause,
  c.x_Changed
FROM differences AS d
CROSS JOIN charged_in AS i
INNER JOIN bills AS b ON b.x_TrueUpOf = d.x_TrueUpOf AND b.BillingCurrency = d.BillingCurrency
LEFT JOIN inp_closes AS c ON c.BillingPeriodStart = d.x_TrueUpOf
LEFT JOIN inp_squads AS s
  ON
    s.SquadId = d.SquadId
    AND s.ValidFrom <= LAST_DAY(i.BillingPeriodStart)
    AND LAST_DAY(i.BillingPeriodStart) < s.ValidTo
LEFT JOIN int_latest_squads AS l ON l.SquadId = d.SquadId
WHERE
  d.x_ListCost <> 0
  OR d.x_ContractedCost <> 0
  OR d.x_BilledCost <> 0
  OR d.x_EffectiveCost <> 0
UNION ALL
SELECT
  BillingPeriodStart,
  x_TrueUpOf,
  BillingCurrency,
  SquadId,
  SquadName,
  CostCentre,
  ComponentId,
  ServiceName,
  x_TrueUpKind,
  ListCost,
  ContractedCost,
  BilledCost,
  EffectiveCost,
  x_Cause,
  x_Changed
FROM inp_closed_true_ups
