-- grain: something that names a component or a squad for a subject over a run of days
-- key: x_SubjectId, x_AttributionStep, x_Target, x_KeyPosition, x_MatchedValue, x_MatchRank, ComponentId?, SquadId?, ValidFrom, ValidTo
-- materialized: table
--
-- x_Precedence: a component found at any step goes before every squad, unless a rule names that squad.
-- x_MatchRank: an alias goes before the catalog.
WITH
matches AS (
  SELECT x_MatchScope, x_MatchValue, ValidFrom, ValidTo, ComponentId, SquadId, 1 AS x_MatchRank FROM inp_aliases
  UNION ALL
  SELECT x_MatchScope, x_MatchValue, ValidFrom, ValidTo, ComponentId, SquadId, 2 AS x_MatchRank FROM inp_catalog_matches
),

rule_label_hits AS (
  SELECT DISTINCT r.x_RuleId, v.x_LabelSetId
  FROM inp_rules AS r
  INNER JOIN stg_label_values AS v ON r.x_LabelKey = LOWER(v.x_LabelKey)
  WHERE
    v.x_LabelScope <> 'folder'
    AND REPLACE(LOWER(v.x_LabelValue), '_', '¦') LIKE r.x_LabelValuePattern
),

by_rule AS (
  SELECT
    s.x_SubjectId,
    t.x_AttributionStep,
    t.x_StepPosition,
    'rule' AS x_Target,
    r.x_RuleId AS x_KeyPosition,
    CONCAT('rule ', CAST(r.x_RuleId AS STRING)) AS x_MatchedKey,
    r.x_RuleText AS x_MatchedValue,
    0 AS x_MatchRank,
    r.ComponentId,
    r.SquadId,
    r.ValidFrom,
    r.ValidTo
  FROM int_attribution_subjects AS s
  INNER JOIN inp_steps AS t ON t.x_AttributionStep = 'rule'
  CROSS JOIN inp_rules AS r
  LEFT JOIN rule_label_hits AS h ON h.x_RuleId = r.x_RuleId AND h.x_LabelSetId = s.x_LabelSetId
  WHERE
    (r.x_SourcePattern IS NULL OR REPLACE(LOWER(s.x_RuleSource), '_', '¦') LIKE r.x_SourcePattern)
    AND (r.x_SubAccountPattern IS NULL OR REPLACE(LOWER(s.SubAccountId), '_', '¦') LIKE r.x_SubAccountPattern)
    AND (r.x_ServicePattern IS NULL OR REPLACE(LOWER(s.x_RuleService), '_', '¦') LIKE r.x_ServicePattern)
    AND (
      r.x_SkuPattern IS NULL
      OR REPLACE(LOWER(s.x_RuleSku), '_', '¦') LIKE r.x_SkuPattern
      OR REPLACE(LOWER(s.x_RuleSkuDescription), '_', '¦') LIKE r.x_SkuPattern
    )
    AND (r.x_RegionPattern IS NULL OR REPLACE(LOWER(s.x_RuleRegion), '_', '¦') LIKE r.x_RegionPattern)
    AND (
      r.x_ChargeCategoryPattern IS NULL
      OR REPLACE(LOWER(s.x_RuleChargeCategory), '_', '¦') LIKE r.x_ChargeCategoryPattern
    )
    AND (r.x_LabelKey IS NULL OR h.x_LabelSetId IS NOT NULL)
),

by_label AS (
  SELECT
    s.x_SubjectId,
    l.x_AttributionStep,
    l.x_StepPosition,
    l.x_Target,
    l.x_KeyPosition,
    l.x_LabelKey AS x_MatchedKey,
    l.x_LabelValue AS x_MatchedValue,
    m.x_MatchRank,
    m.ComponentId,
    m.SquadId,
    m.ValidFrom,
    m.ValidTo
  FROM int_attribution_subjects AS s
  INNER JOIN int_attribution_labels AS l ON l.x_LabelSetId = s.x_LabelSetId
  INNER JOIN matches AS m ON m.x_MatchScope = l.x_Target AND m.x_MatchValue = l.x_MatchValue
),

by_project AS (
  SELECT
    s.x_SubjectId,
    t.x_AttributionStep,
    t.x_StepPosition,
    CASE WHEN m.ComponentId IS NULL THEN 'squad' ELSE 'component' END AS x_Target,
    1 AS x_KeyPosition,
    'project' AS x_MatchedKey,
    s.SubAccountId AS x_MatchedValue,
    m.x_MatchRank,
    m.ComponentId,
    m.SquadId,
    m.ValidFrom,
    m.ValidTo
  FROM int_attribution_subjects AS s
  INNER JOIN inp_steps AS t ON t.x_AttributionStep = 'project'
  INNER JOIN matches AS m ON m.x_MatchScope = 'sub-account' AND m.x_MatchValue = LOWER(s.SubAccountId)
),

-- The nearest folder counts: a label set lists them from the project upwards.
folders AS (
  SELECT
    x_LabelSetId,
    x_LabelValue,
    ROW_NUMBER() OVER (PARTITION BY x_LabelSetId ORDER BY x_LabelPosition) AS x_KeyPosition
  FROM stg_label_values
  WHERE x_LabelScope = 'folder'
),

by_folder AS (
  SELECT
    s.x_SubjectId,
    t.x_AttributionStep,
    t.x_StepPosition,
    'squad' AS x_Target,
    f.x_KeyPosition,
    'folder' AS x_MatchedKey,
    f.x_LabelValue AS x_MatchedValue,
    m.x_MatchRank,
    m.ComponentId,
    m.SquadId,
    m.ValidFrom,
    m.ValidTo
  FROM int_attribution_subjects AS s
  INNER JOIN inp_steps AS t ON t.x_AttributionStep = 'folder'
  INNER JOIN folders AS f ON f.x_LabelSetId = s.x_LabelSetId
  INNER JOIN matches AS m ON m.x_MatchScope = 'folder' AND m.x_MatchValue = LOWER(f.x_LabelValue)
),

found AS (
  SELECT * FROM by_rule
  UNION ALL
  SELECT * FROM by_label
  UNION ALL
  SELECT * FROM by_project
  UNION ALL
  SELECT * FROM by_folder
)

SELECT
  x_SubjectId,
  x_AttributionStep,
  x_StepPosition,
  x_Target,
  x_KeyPosition,
  x_MatchedKey,
  x_MatchedValue,
  x_MatchRank,
  CASE
    WHEN ComponentId IS NOT NULL OR x_AttributionStep = 'rule' THEN 1
    WHEN SquadId IS NOT NULL THEN 2
    ELSE 3
  END AS x_Precedence,
  ComponentId,
  SquadId,
  ValidFrom,
  ValidTo
FROM found
