-- grain: a run of periods that a driver or metric lacks, or a consumer of it that the catalog does not know
-- key: x_MeasureKind, x_MeasureName, x_GapKind, x_GapStart, x_Consumer?
-- materialized: table
--
-- x_GapKind: missing-periods (no row at all; x_GapStart is the first missing day, x_GapEnd the first that is there again, or the day
-- after the newest charge where the last period and the next are over and charges go on for five days more), unknown-consumer and
-- ambiguous-consumer (from the first period to the end of the last that names it).
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
),

last_periods AS (
  SELECT x_MeasureKind, x_MeasureName, x_PeriodStart, x_PeriodEnd
  FROM periods
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY x_MeasureKind, x_MeasureName ORDER BY x_PeriodStart DESC) = 1
),

newest_charge AS (
  SELECT MAX(x_ChargePeriodMax) AS x_Day
  FROM inp_batches
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
  p.x_MeasureKind,
  p.x_MeasureName,
  'missing-periods' AS x_GapKind,
  p.x_PeriodEnd AS x_GapStart,
  n.x_Day + 1 AS x_GapEnd,
  CAST(NULL AS STRING) AS x_Consumer
FROM last_periods AS p
CROSS JOIN newest_charge AS n
WHERE UNIX_DATE(n.x_Day) >= UNIX_DATE(p.x_PeriodEnd) + (UNIX_DATE(p.x_PeriodEnd) - UNIX_DATE(p.x_PeriodStart)) + 5

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
