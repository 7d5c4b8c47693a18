-- grain: what of a pool's line is passed on to one target (SharedIn), or taken off where it came from (SharedOut, x_TargetPosition 0)
-- key: x_PoolLineId, x_TargetPosition
-- materialized: table
--
-- Each cost of a line is dealt out in nano-units by largest remainder, ties to the earlier target, its sign apart: the parts add
-- up to it exactly. What the pool keeps stays where it is, without a row.
-- A share is x_ShareHigh billionths and x_ShareLow billionths of a billionth; a cost is x_Billions, x_Units and x_Nanos (billionths). So
-- their products stay within INT64, where DECIMAL would be rounded in between; a part is x_Whole units
-- and x_Nanos.
WITH
-- Costs of a line are often the same; each different one is dealt out once.
amounts AS (
  SELECT ROW_NUMBER() OVER (ORDER BY x_PoolLineId, x_Cost) AS x_AmountId, x_PoolLineId, x_Cost
  FROM (
    SELECT x_PoolLineId, ListCost AS x_Cost FROM int_pool_lines WHERE ListCost <> 0
    UNION DISTINCT
    SELECT x_PoolLineId, ContractedCost AS x_Cost FROM int_pool_lines WHERE ContractedCost <> 0
    UNION DISTINCT
    SELECT x_PoolLineId, BilledCost AS x_Cost FROM int_pool_lines WHERE BilledCost <> 0
    UNION DISTINCT
    SELECT x_PoolLineId, EffectiveCost AS x_Cost FROM int_pool_lines WHERE EffectiveCost <> 0
  ) AS c
),

billions AS (
  SELECT
    a.x_AmountId,
    l.x_PoolId,
    l.BillingPeriodStart,
    l.BillingCurrency,
    l.ChargePeriodStart,
    CASE WHEN a.x_Cost < 0 THEN -1 ELSE 1 END AS x_Sign,
    CAST(FLOOR(ABS(a.x_Cost)) AS DECIMAL(38, 9)) AS x_Floor,
    CAST((ABS(a.x_Cost) - FLOOR(ABS(a.x_Cost))) * 1000000000 AS INT64) AS x_Nanos,
    CAST(
      FLOOR(CAST(FLOOR(ABS(a.x_Cost)) * CAST('0.000000001' AS DECIMAL(38, 9)) AS DECIMAL(38, 9))) AS INT64
    ) AS x_Billions
  FROM amounts AS a
  INNER JOIN int_pool_lines AS l ON l.x_PoolLineId = a.x_PoolLineId
),

products AS (
  SELECT
    b.x_AmountId,
    s.x_ShareId,
    s.x_IsKept,
    b.x_Sign,
    b.x_Billions * s.x_ShareHigh AS x_Whole,
    b.x_Billions * s.x_ShareLow
    + CAST(b.x_Floor - CAST(b.x_Billions AS DECIMAL(38, 9)) * 1000000000 AS INT64) * s.x_ShareHigh AS x_Nanos,
    CAST(b.x_Floor - CAST(b.x_Billions AS DECIMAL(38, 9)) * 1000000000 AS INT64) * s.x_ShareLow AS x_UnitsLow,
    b.x_Nanos * s.x_ShareHigh AS x_NanosHigh,
    b.x_Nanos * s.x_ShareLow AS x_NanosLow
  FROM billions AS b
  INNER JOIN int_pool_shares AS s
    ON
      s.x_PoolId = b.x_PoolId
      AND s.BillingPeriodStart = b.BillingPeriodStart
      AND s.BillingCurrency = b.BillingCurrency
      AND s.ValidFrom <= b.ChargePeriodStart
      AND b.ChargePeriodStart < s.ValidTo
),

fractions AS (
  SELECT
    x_AmountId,
    x_ShareId,
    x_IsKept,
    x_Sign,
    x_Whole,
    x_Nanos + DIV(x_UnitsLow, 1000000000) + DIV(x_NanosHigh, 1000000000) AS x_Nanos,
    MOD(x_UnitsLow, 1000000000) + MOD(x_NanosHigh, 1000000000) + DIV(x_NanosLow, 1000000000) AS x_Fraction
  FROM products
),

floors AS (
  SELECT
    x_AmountId,
    x_ShareId,
    x_IsKept,
    x_Sign,
    x_Whole,
    x_Nanos + DIV(x_Fraction, 1000000000) AS x_Nanos,
    MOD(x_Fraction, 1000000000) AS x_Remainder
  FROM fractions
),

ranked AS (
  SELECT
    x_AmountId,
    x_ShareId,
    x_IsKept,
    x_Sign,
    x_Whole,
    x_Nanos,
    ROW_NUMBER() OVER (PARTITION BY x_AmountId ORDER BY x_Remainder DESC, x_ShareId) AS x_Rank
  FROM floors
),

totals AS (
  SELECT x_AmountId, CAST(SUM(x_Whole) AS INT64) AS x_Whole, CAST(SUM(x_Nanos) AS DECIMAL(38, 9)) AS x_Nanos
  FROM floors
  GROUP BY x_AmountId
),

left_over AS (
  SELECT
    t.x_AmountId,
    CAST(
      (CAST(ABS(a.x_Cost) - t.x_Whole AS DECIMAL(38, 9)) * 1000000000) - t.x_Nanos AS INT64
    ) AS x_Left
  FROM totals AS t
  INNER JOIN amounts AS a ON a.x_AmountId = t.x_AmountId
),

parts AS (
  SELECT
    r.x_AmountId,
    r.x_ShareId,
    r.x_Sign * r.x_Whole AS x_Whole,
    r.x_Sign * (r.x_Nanos + CASE WHEN r.x_Rank <= o.x_Left THEN 1 ELSE 0 END) AS x_Nanos
  FROM ranked AS r
  INNER JOIN left_over AS o ON o.x_AmountId = r.x_AmountId
  WHERE NOT r.x_IsKept
),

dealt AS (
  SELECT
    a.x_PoolLineId,
    p.x_ShareId,
    CAST(
      SUM(CASE WHEN a.x_Cost = l.ListCost THEN p.x_Whole ELSE 0 END)
      + SUM(CASE WHEN a.x_Cost = l.ListCost THEN p.x_Nanos ELSE 0 END) * CAST('0.000000001' AS DECIMAL(38, 9))
      AS DECIMAL(38, 9)
    ) AS ListCost,
    CAST(
      SUM(CASE WHEN a.x_Cost = l.ContractedCost THEN p.x_Whole ELSE 0 END)
      + SUM(CASE WHEN a.x_Cost = l.ContractedCost THEN p.x_Nanos ELSE 0 END) * CAST('0.000000001' AS DECIMAL(38, 9))
      AS DECIMAL(38, 9)
    ) AS ContractedCost,
    CAST(
      SUM(CASE WHEN a.x_Cost = l.BilledCost THEN p.x_Whole ELSE 0 END)
      + SUM(CASE WHEN a.x_Cost = l.BilledCost THEN p.x_Nanos ELSE 0 END) * CAST('0.000000001' AS DECIMAL(38, 9))
      AS DECIMAL(38, 9)
    ) AS BilledCost,
    CAST(
      SUM(CASE WHEN a.x_Cost = l.EffectiveCost THEN p.x_Whole ELSE 0 END)
      + SUM(CASE WHEN a.x_Cost = l.EffectiveCost THEN p.x_Nanos ELSE 0 END) * CAST('0.000000001' AS DECIMAL(38, 9))
      AS DECIMAL(38, 9)
    ) AS EffectiveCost
  FROM parts AS p
  INNER JOIN amounts AS a ON a.x_AmountId = p.x_AmountId
  INNER JOIN int_pool_lines AS l ON l.x_PoolLineId = a.x_PoolLineId
  GROUP BY a.x_PoolLineId, p.x_ShareId
),

shared_in AS (
  SELECT
    d.x_PoolLineId,
    s.x_TargetPosition,
    s.SquadId,
    s.ComponentId,
    d.ListCost,
    d.ContractedCost,
    d.BilledCost,
    d.EffectiveCost
  FROM dealt AS d
  INNER JOIN int_pool_shares AS s ON s.x_ShareId = d.x_ShareId
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
