-- grain: a configured driver or metric that has landed, with what it covers
-- key: x_MeasureKind, x_MeasureName
-- materialized: table
--
-- x_MissingPeriodCount counts runs of missing periods; fct_measure_gaps lists them, and the consumers that are not known.
WITH
covered AS (
  SELECT
    x_MeasureKind,
    x_MeasureName,
    COUNT(*) AS x_RowCount,
    MIN(x_PeriodStart) AS x_FirstPeriod,
    MAX(x_PeriodStart) AS x_LastPeriod,
    COUNT(DISTINCT x_Consumer) AS x_ConsumerCount
  FROM int_measure_values
  GROUP BY x_MeasureKind, x_MeasureName
),

gaps AS (
  SELECT
    x_MeasureKind,
    x_MeasureName,
    COUNTIF(x_GapKind = 'missing-periods') AS x_MissingPeriodCount,
    COUNT(DISTINCT CASE WHEN x_GapKind <> 'missing-periods' THEN x_Consumer END) AS x_UnknownConsumerCount
  FROM fct_measure_gaps
  GROUP BY x_MeasureKind, x_MeasureName
)

SELECT
  m.x_MeasureKind,
  m.x_MeasureName,
  m.x_Title,
  m.x_Format,
  m.x_PeriodUnit,
  c.x_FirstPeriod,
  c.x_LastPeriod,
  COALESCE(c.x_RowCount, 0) AS x_RowCount,
  COALESCE(c.x_ConsumerCount, 0) AS x_ConsumerCount,
  CAST(COALESCE(g.x_MissingPeriodCount, 0) AS INT64) AS x_MissingPeriodCount,
  COALESCE(g.x_UnknownConsumerCount, 0) AS x_UnknownConsumerCount,
  m.x_PulledAt
FROM inp_measures AS m
LEFT JOIN covered AS c ON c.x_MeasureKind = m.x_MeasureKind AND c.x_MeasureName = m.x_MeasureName
LEFT JOIN gaps AS g ON g.x_MeasureKind = m.x_MeasureKind AND g.x_MeasureName = m.x_MeasureName
