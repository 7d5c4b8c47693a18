-- grain: a run of days over which nothing changes that could decide a subject's attribution
-- key: x_SubjectId, ValidFrom
-- materialized: table
WITH
turning_days AS (
  SELECT x_SubjectId, DATE '1900-01-01' AS x_Day FROM int_attribution_subjects
  UNION DISTINCT
  SELECT x_SubjectId, DATE '2999-12-31' AS x_Day FROM int_attribution_subjects
  UNION DISTINCT
  SELECT x_SubjectId, ValidFrom AS x_Day FROM int_attribution_candidates
  UNION DISTINCT
  SELECT x_SubjectId, ValidTo AS x_Day FROM int_attribution_candidates
  UNION DISTINCT
  SELECT c.x_SubjectId, o.ValidFrom AS x_Day
  FROM int_attribution_candidates AS c
  INNER JOIN int_component_shares AS o ON o.ComponentId = c.ComponentId
  UNION DISTINCT
  SELECT c.x_SubjectId, o.ValidTo AS x_Day
  FROM int_attribution_candidates AS c
  INNER JOIN int_component_shares AS o ON o.ComponentId = c.ComponentId
  UNION DISTINCT
  SELECT s.x_SubjectId, e.ValidFrom AS x_Day
  FROM int_attribution_subjects AS s
  CROSS JOIN inp_catalog_states AS e
),

runs AS (
  SELECT
    x_SubjectId,
    x_Day AS ValidFrom,
    LEAD(x_Day) OVER (PARTITION BY x_SubjectId ORDER BY x_Day) AS ValidTo
  FROM turning_days
)

SELECT
  x_SubjectId,
  ValidFrom,
  ValidTo
FROM runs
WHERE ValidTo IS NOT NULL
