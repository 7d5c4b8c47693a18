-- grain: a value of a driver or metric in a period, with the component or squad that it is of
-- key: x_MeasureKind, x_MeasureName, x_PeriodStart, x_Consumer?
-- materialized: table
--
-- A name means what a label value of that name means: an alias goes before the catalog, a component before a squad, and of several
-- meanings within one period the latest counts. x_ConsumerMatch: company (no name given), component, squad, ambiguous or unknown.
WITH
meanings AS (
  SELECT x_MatchScope, x_MatchValue, ValidFrom, ValidTo, ComponentId, SquadId, 1 AS x_MatchRank FROM inp_aliases
  UNION ALL
  SELECT x_MatchScope, x_MatchValue, ValidFrom, ValidTo, ComponentId, SquadId, 2 AS x_MatchRank FROM inp_catalog_matches
),

ranked AS (
  SELECT
    v.x_MeasureKind,
    v.x_MeasureName,
    v.x_PeriodStart,
    v.x_PeriodEnd,
    v.x_Consumer,
    v.x_Value,
    m.x_MatchScope,
    m.ComponentId,
    m.SquadId,
    ROW_NUMBER() OVER (
      PARTITION BY v.x_MeasureKind, v.x_MeasureName, v.x_PeriodStart, v.x_Consumer
      ORDER BY
        CASE WHEN m.ComponentId IS NULL AND m.SquadId IS NULL THEN 2 ELSE 1 END,
        CASE WHEN m.x_MatchScope = 'component' THEN 1 ELSE 2 END,
        m.x_MatchRank,
        m.ValidFrom DESC,
        m.ComponentId,
        m.SquadId
    ) AS x_Choice
  FROM inp_measure_values AS v
  LEFT JOIN meanings AS m
    ON
      m.x_MatchValue = v.x_ConsumerValue
      AND (v.x_ConsumerScope = 'any' OR m.x_MatchScope = v.x_ConsumerScope)
      AND m.x_MatchScope IN ('component', 'squad')
      AND m.ValidFrom < v.x_PeriodEnd
      AND m.ValidTo > v.x_PeriodStart
)

SELECT
  x_MeasureKind,
  x_MeasureName,
  x_PeriodStart,
  x_PeriodEnd,
  x_Consumer,
  ComponentId,
  SquadId,
  CASE
    WHEN x_Consumer IS NULL THEN 'company'
    WHEN ComponentId IS NOT NULL THEN 'component'
    WHEN SquadId IS NOT NULL THEN 'squad'
    WHEN x_MatchScope IS NOT NULL THEN 'ambiguous'
    ELSE 'unknown'
  END AS x_ConsumerMatch,
  x_Value
FROM ranked
WHERE x_Choice = 1
