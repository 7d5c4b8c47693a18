-- What is charged for a closed month is what was sealed, row by row and to the last digit.
WITH
told AS (
  SELECT f.*, 1 AS x_Side
  FROM fct_chargeback AS f
  INNER JOIN fct_closes AS c ON c.BillingPeriodStart = f.BillingPeriodStart
  UNION ALL
  SELECT s.*, -1 AS x_Side
  FROM inp_closed_chargeback AS s
)

SELECT
  BillingPeriodStart,
  BillingCurrency,
  SquadId,
  ComponentId,
  ServiceName,
  ChargeKind,
  SUM(x_Side) AS x_Side
FROM told
GROUP BY
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
HAVING SUM(x_Side) <> 0
