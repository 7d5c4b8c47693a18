-- grain: what one squad would be charged for one component and service in a billing month, by kind, were no month closed
-- key: BillingPeriodStart, BillingCurrency, SquadId, ComponentId?, ServiceName?, ChargeKind
-- reconciles-with: stg_charges by BillingPeriodStart, BillingCurrency on ListCost, ContractedCost, BilledCost, EffectiveCost
-- materialized: table
-- partitioned-by: BillingPeriodStart
--
-- What the bills, the catalog and the configuration say of every month now. For open months fct_chargeback is this.
-- Name and cost centre are those of the period's last day, or the latest known where the squad was gone by then.
WITH
charged AS (
  SELECT
    BillingPeriodStart,
    BillingCurrency,
    SquadId,
    ComponentId,
    ServiceName,
    ChargeKind,
    CAST(SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
    CAST(SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
    CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
    CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost,
    SUM(x_ChargeCount) AS x_ChargeCount
  FROM int_charges_allocated
  GROUP BY BillingPeriodStart, BillingCurrency, SquadId, ComponentId, ServiceName, ChargeKind
)

SELECT
  c.BillingPeriodStart,
  c.BillingCurrency,
  c.SquadId,
  COALESCE(s.SquadName, d.SquadName, CASE WHEN c.SquadId = 'unallocated' THEN 'Unallocated' ELSE c.SquadId END) AS SquadName,
  CASE WHEN s.SquadId IS NULL THEN d.CostCentre ELSE s.CostCentre END AS CostCentre,
  c.ComponentId,
  c.ServiceName,
  c.ChargeKind,
  c.ListCost,
  c.ContractedCost,
  c.BilledCost,
  c.EffectiveCost,
  CAST(c.x_ChargeCount AS INT64) AS x_ChargeCount
FROM charged AS c
LEFT JOIN inp_squads AS s
  ON
    s.SquadId = c.SquadId
    AND s.ValidFrom <= LAST_DAY(c.BillingPeriodStart)
    AND LAST_DAY(c.BillingPeriodStart) < s.ValidTo
LEFT JOIN int_latest_squads AS d ON d.SquadId = c.SquadId
