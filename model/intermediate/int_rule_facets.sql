-- grain: the one row that says which columns of a charge any configured rule reads
-- key: x_RuleCount
-- materialized: table
--
-- A charge's subject carries only these columns, so that without rules there are few subjects.
SELECT
  COUNT(*) AS x_RuleCount,
  COUNT(x_SourcePattern) > 0 AS x_ReadsSource,
  COUNT(x_ServicePattern) > 0 AS x_ReadsService,
  COUNT(x_SkuPattern) > 0 AS x_ReadsSku,
  COUNT(x_RegionPattern) > 0 AS x_ReadsRegion,
  COUNT(x_ChargeCategoryPattern) > 0 AS x_ReadsChargeCategory
FROM inp_rules
