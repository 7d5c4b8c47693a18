-- grain: a distinct combination of all that attribution looks at; many charges share one
-- key: x_SubjectId
-- materialized: table
--
-- Columns that no rule reads are null for every subject (see int_rule_facets).
WITH
combinations AS (
  SELECT DISTINCT
    c.x_LabelSetId,
    c.SubAccountId,
    CASE WHEN f.x_ReadsSource THEN c.x_SourceName END AS x_RuleSource,
    CASE WHEN f.x_ReadsService THEN c.ServiceName END AS x_RuleService,
    CASE WHEN f.x_ReadsSku THEN c.SkuId END AS x_RuleSku,
    CASE WHEN f.x_ReadsSku THEN c.x_SkuDescription END AS x_RuleSkuDescription,
    CASE WHEN f.x_ReadsRegion THEN c.RegionId END AS x_RuleRegion,
    CASE WHEN f.x_ReadsChargeCategory THEN c.ChargeCategory END AS x_RuleChargeCategory
  FROM stg_charges AS c
  CROSS JOIN int_rule_facets AS f
)

SELECT
  ROW_NUMBER() OVER (
    ORDER BY
      x_LabelSetId,
      COALESCE(SubAccountId, ''),
      SubAccountId IS NULL,
      COALESCE(x_RuleSource, ''),
      COALESCE(x_RuleService, ''),
      COALESCE(x_RuleSku, ''),
      COALESCE(x_RuleSkuDescription, ''),
      COALESCE(x_RuleRegion, ''),
      COALESCE(x_RuleChargeCategory, '')
  ) AS x_SubjectId,
  x_LabelSetId,
  SubAccountId,
  x_RuleSource,
  x_RuleService,
  x_RuleSku,
  x_RuleSkuDescription,
  x_RuleRegion,
  x_RuleChargeCategory
FROM combinations
