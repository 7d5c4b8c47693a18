-- grain: a run of periods that a driver or metric lacks, or a consumer of it that the catalog does not know
-- key: x_MeasureKind, x_MeasureName, x_GapKind, x_GapStart, x_Consumer?
-- materialized: table
--
-- x_GapKind: missing-periods (no row at all between two that are there; x_GapStart is the first missing day, x_GapEnd the first that is
-- there again), unknown-consumer and ambiguous-consumer (from the first period to the end of the last that names it).
WITH
periods AS (
  SELECT DISTINCT x_MeasureKind, x_MeasureName, x_PeriodStart, x_PeriodEnd
  FROM int_measure_values
),

followed AS (
  SELECT
    x_MeasureKind,
    x_MeasureName,
    x_PeriodEnd AS x_GapStart,
    LEAD(x_PeriodStart) OVER (PARTITION BY x_MeasureKind, x_MeasureName ORDER BY x_PeriodStart) AS x_GapEnd
  FROM periods
)

SELECT
  x_MeasureKind,
  x_MeasureName,
  'missing-periods' AS x_GapKind,
  x_GapStart,
  x_GapEnd,
  CAST(NULL AS STRING) AS x_Consumer
FROM followed
WHERE x_GapEnd > x_GapStart

UNION ALL

SELECT
  x_MeasureKind,
  x_MeasureName,
  CONCAT(x_ConsumerMatch, '-consumer') AS x_GapKind,
  MIN(x_PeriodStart) AS x_GapStart,
  MAX(x_PeriodEnd) AS x_GapEnd,
  x_Consumer
FROM int_measure_values
WHERE x_ConsumerMatch IN ('unknown', 'ambiguous')
GROUP BY x_MeasureKind, x_MeasureName, x_ConsumerMatch, x_Consumer
