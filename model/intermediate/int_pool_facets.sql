-- grain: the one row that says which columns of a charge any configured pool reads
-- key: x_ConditionCount
-- materialized: table
--
-- A charge's pool subject carries only these columns, so that there are few subjects.
SELECT
  COUNT(*) AS x_ConditionCount,
  COUNT(x_ComponentPattern) > 0 AS x_ReadsComponent,
  COUNT(x_SquadPattern) > 0 AS x_ReadsSquad,
  COUNT(x_SourcePattern) > 0 AS x_ReadsSource,
  COUNT(x_SubAccountPattern) > 0 AS x_ReadsSubAccount,
  COUNT(x_ServicePattern) > 0 AS x_ReadsService,
  COUNT(x_SkuPattern) > 0 AS x_ReadsSku,
  COUNT(x_RegionPattern) > 0 AS x_ReadsRegion,
  COUNT(x_ChargeCategoryPattern) > 0 AS x_ReadsChargeCategory,
  COUNT(x_NamespacePattern) + COUNT(x_LabelKey) > 0 AS x_ReadsLabels
FROM inp_pool_conditions
