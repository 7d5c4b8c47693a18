-- grain: what of a pool's line is passed on to one target (SharedIn), or taken off where it came from (SharedOut, x_TargetPosition 0)
-- key: x_PoolLineId, x_TargetPosition
-- materialized: table
--
-- Each cost of a line is dealt out in nano-units by largest remainder, ties to the earlier target, its sign apart: the parts add
-- up to it exactly. What the pool keeps stays where it is, without a row.
-- A share is x_ShareHigh billionths and x_ShareLow billionths of a billionth; a cost is x_Billions, x_Units and x_Nanos (billionths). So
-- their products stay within INT64, where DECIMAL would be rounded in between; a part is x_Whole units and x_Nanos.
WITH
line_amounts AS (
  SELECT x_PoolLineId, x_PoolId, BillingPeriodStart, BillingCurrency, ChargePeriodStart, 'ListCost' AS x_CostColumn, ListCost AS x_Cost
  FROM int_pool_lines
  WHERE ListCost <> 0
  UNION ALL
  SELECT x_PoolLineId, x_PoolId, BillingPeriodStart, BillingCurrency, ChargePeriodStart, 'ContractedCost' AS x_CostColumn, ContractedCost AS x_Cost
  FROM int_pool_lines
  WHERE ContractedCost <> 0
  UNION ALL
  SELECT x_PoolLineId, x_PoolId, BillingPeriodStart, BillingCurrency, ChargePeriodStart, 'BilledCost' AS x_CostColumn, BilledCost AS x_Cost
  FROM int_pool_lines
  WHERE BilledCost <> 0
  UNION ALL
  SELECT x_PoolLineId, x_PoolId, BillingPeriodStart, BillingCurrency, ChargePeriodStart, 'EffectiveCost' AS x_CostColumn, EffectiveCost AS x_Cost
  FROM int_pool_lines
  WHERE EffectiveCost <> 0
),

line_billions AS (
  SELECT
    x_PoolLineId,
    x_PoolId,
    BillingPeriodStart,
    BillingCurrency,
    ChargePeriodStart,
    x_CostColumn,
    CASE WHEN x_Cost < 0 THEN -1 ELSE 1 END AS x_Sign,
    CAST(FLOOR(ABS(x_Cost)) AS DECIMAL(38, 9)) AS x_Floor,
    CAST((ABS(x_Cost) - FLOOR(ABS(x_Cost))) * 1000000000 AS INT64) AS x_Nanos,
    CAST(FLOOR(CAST(FLOOR(ABS(x_Cost)) * CAST('0.000000001' AS DECIMAL(38, 9)) AS DECIMAL(38, 9))) AS INT64) AS x_Billions
  FROM line_amounts
),

line_costs AS (
  SELECT
    x_PoolLineId,
    x_PoolId,
    BillingPeriodStart,
    BillingCurrency,
    ChargePeriodStart,
    x_CostColumn,
    x_Sign,
    x_Billions,
    CAST(x_Floor - CAST(x_Billions AS DECIMAL(38, 9)) * 1000000000 AS INT64) AS x_Units,
    x_Nanos
  FROM line_billions
),

products AS (
  SELECT
    c.x_PoolLineId,
    c.x_CostColumn,
    c.x_Sign,
    c.x_Billions * 1000000000 + c.x_Units AS x_TotalWhole,
    c.x_Nanos AS x_TotalNanos,
    s.x_TargetPosition,
    s.SquadId,
    s.ComponentId,
    s.x_IsKept,
    c.x_Billions * s.x_ShareHigh AS x_Whole,
    c.x_Billions * s.x_ShareLow + c.x_Units * s.x_ShareHigh AS x_Nanos,
    c.x_Units * s.x_ShareLow AS x_UnitsLow,
    c.x_Nanos * s.x_ShareHigh AS x_NanosHigh,
    c.x_Nanos * s.x_ShareLow AS x_NanosLow
  FROM line_costs AS c
  INNER JOIN int_pool_shares AS s
    ON
      s.x_PoolId = c.x_PoolId
      AND s.BillingPeriodStart = c.BillingPeriodStart
      AND s.BillingCurrency = c.BillingCurrency
      AND s.ValidFrom <= c.ChargePeriodStart
      AND c.ChargePeriodStart < s.ValidTo
),

fractions AS (
  SELECT
    x_PoolLineId,
    x_CostColumn,
    x_Sign,
    x_TotalWhole,
    x_TotalNanos,
    x_TargetPosition,
    SquadId,
    ComponentId,
    x_IsKept,
    x_Whole,
    x_Nanos + DIV(x_UnitsLow, 1000000000) + DIV(x_NanosHigh, 1000000000) AS x_Nanos,
    MOD(x_UnitsLow, 1000000000) + MOD(x_NanosHigh, 1000000000) + DIV(x_NanosLow, 1000000000) AS x_Fraction
  FROM products
),

carried AS (
  SELECT
    x_PoolLineId,
    x_CostColumn,
    x_Sign,
    x_TotalWhole,
    x_TotalNanos,
    x_TargetPosition,
    SquadId,
    ComponentId,
    x_IsKept,
    x_Whole,
    x_Nanos + DIV(x_Fraction, 1000000000) AS x_Nanos,
    MOD(x_Fraction, 1000000000) AS x_Remainder
  FROM fractions
),

floors AS (
  SELECT
    x_PoolLineId,
    x_CostColumn,
    x_Sign,
    x_TotalWhole,
    x_TotalNanos,
    x_TargetPosition,
    SquadId,
    ComponentId,
    x_IsKept,
    x_Whole + DIV(x_Nanos, 1000000000) AS x_Whole,
    MOD(x_Nanos, 1000000000) AS x_Nanos,
    x_Remainder
  FROM carried
),

ranked AS (
  SELECT
    x_PoolLineId,
    x_CostColumn,
    x_Sign,
    x_TargetPosition,
    SquadId,
    ComponentId,
    x_IsKept,
    x_Whole,
    x_Nanos,
    (x_TotalWhole - CAST(SUM(x_Whole) OVER line AS INT64)) * 1000000000
    + x_TotalNanos
    - CAST(SUM(x_Nanos) OVER line AS INT64) AS x_Left,
    ROW_NUMBER() OVER (PARTITION BY x_PoolLineId, x_CostColumn ORDER BY x_Remainder DESC, x_TargetPosition) AS x_Rank
  FROM floors
  WINDOW line AS (PARTITION BY x_PoolLineId, x_CostColumn)
),

parts AS (
  SELECT
    x_PoolLineId,
    x_CostColumn,
    x_TargetPosition,
    SquadId,
    ComponentId,
    x_Sign * x_Whole AS x_Whole,
    x_Sign * (x_Nanos + CASE WHEN x_Rank <= x_Left THEN 1 ELSE 0 END) AS x_Nanos
  FROM ranked
  WHERE NOT x_IsKept
),

shared_in AS (
  SELECT
    x_PoolLineId,
    x_TargetPosition,
    SquadId,
    ComponentId,
    CAST(
      SUM(CASE WHEN x_CostColumn = 'ListCost' THEN x_Whole ELSE 0 END)
      + SUM(CASE WHEN x_CostColumn = 'ListCost' THEN x_Nanos ELSE 0 END) * CAST('0.000000001' AS DECIMAL(38, 9))
      AS DECIMAL(38, 9)
    ) AS ListCost,
    CAST(
      SUM(CASE WHEN x_CostColumn = 'ContractedCost' THEN x_Whole ELSE 0 END)
      + SUM(CASE WHEN x_CostColumn = 'ContractedCost' THEN x_Nanos ELSE 0 END) * CAST('0.000000001' AS DECIMAL(38, 9))
      AS DECIMAL(38, 9)
    ) AS ContractedCost,
    CAST(
      SUM(CASE WHEN x_CostColumn = 'BilledCost' THEN x_Whole ELSE 0 END)
      + SUM(CASE WHEN x_CostColumn = 'BilledCost' THEN x_Nanos ELSE 0 END) * CAST('0.000000001' AS DECIMAL(38, 9))
      AS DECIMAL(38, 9)
    ) AS BilledCost,
    CAST(
      SUM(CASE WHEN x_CostColumn = 'EffectiveCost' THEN x_Whole ELSE 0 END)
      + SUM(CASE WHEN x_CostColumn = 'EffectiveCost' THEN x_Nanos ELSE 0 END) * CAST('0.000000001' AS DECIMAL(38, 9))
      AS DECIMAL(38, 9)
    ) AS EffectiveCost
  FROM parts
  GROUP BY x_PoolLineId, x_TargetPosition, SquadId, ComponentId
),

shared_out AS (
  SELECT
    x_PoolLineId,
    CAST(-SUM(ListCost) AS DECIMAL(38, 9)) AS ListCost,
    CAST(-SUM(ContractedCost) AS DECIMAL(38, 9)) AS ContractedCost,
    CAST(-SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
    CAST(-SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost
  FROM shared_in
  GROUP BY x_PoolLineId
)

SELECT
  i.x_PoolLineId,
  i.x_TargetPosition,
  'SharedIn' AS ChargeKind,
  i.SquadId,
  i.ComponentId,
  l.x_PoolId,
  l.BillingPeriodStart,
  l.BillingCurrency,
  l.ChargePeriodStart,
  l.x_ChargeMonth,
  l.ServiceName,
  l.ChargeCategory,
  i.ListCost,
  i.ContractedCost,
  i.BilledCost,
  i.EffectiveCost
FROM shared_in AS i
INNER JOIN int_pool_lines AS l ON l.x_PoolLineId = i.x_PoolLineId
UNION ALL
SELECT
  o.x_PoolLineId,
  0 AS x_TargetPosition,
  'SharedOut' AS ChargeKind,
  l.SquadId,
  l.ComponentId,
  l.x_PoolId,
  l.BillingPeriodStart,
  l.BillingCurrency,
  l.ChargePeriodStart,
  l.x_ChargeMonth,
  l.ServiceName,
  l.ChargeCategory,
  o.ListCost,
  o.ContractedCost,
  o.BilledCost,
  o.EffectiveCost
FROM shared_out AS o
INNER JOIN int_pool_lines AS l ON l.x_PoolLineId = o.x_PoolLineId
