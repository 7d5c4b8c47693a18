-- grain: a distinct combination of all that pools look at; many charges share one
-- key: x_PoolSubjectId
-- materialized: table
--
-- Columns that no pool reads are null for every subject (see int_pool_facets); without pools there is none.
WITH
combinations AS (
  SELECT DISTINCT
    CASE WHEN f.x_ReadsComponent THEN a.ComponentId END AS x_PoolComponent,
    CASE WHEN f.x_ReadsSquad THEN a.SquadId END AS x_PoolSquad,
    CASE WHEN f.x_ReadsSource THEN a.x_SourceName END AS x_PoolSource,
    CASE WHEN f.x_ReadsSubAccount THEN a.SubAccountId END AS x_PoolSubAccount,
    CASE WHEN f.x_ReadsService THEN a.ServiceName END AS x_PoolService,
    CASE WHEN f.x_ReadsSku THEN a.SkuId END AS x_PoolSku,
    CASE WHEN f.x_ReadsSku THEN a.x_SkuDescription END AS x_PoolSkuDescription,
    CASE WHEN f.x_ReadsRegion THEN a.RegionId END AS x_PoolRegion,
    CASE WHEN f.x_ReadsChargeCategory THEN a.ChargeCategory END AS x_PoolChargeCategory,
    CASE WHEN f.x_ReadsLabels THEN a.x_LabelSetId END AS x_PoolLabelSet
  FROM int_charges_attributed AS a
  INNER JOIN int_pool_facets AS f ON f.x_ConditionCount > 0
)

SELECT
  ROW_NUMBER() OVER (
    ORDER BY
      COALESCE(x_PoolComponent, ''),
      x_PoolComponent IS NULL,
      COALESCE(x_PoolSquad, ''),
      x_PoolSquad IS NULL,
      COALESCE(x_PoolSource, ''),
      x_PoolSource IS NULL,
      COALESCE(x_PoolSubAccount, ''),
      x_PoolSubAccount IS NULL,
      COALESCE(x_PoolService, ''),
      x_PoolService IS NULL,
      COALESCE(x_PoolSku, ''),
      x_PoolSku IS NULL,
      COALESCE(x_PoolSkuDescription, ''),
      x_PoolSkuDescription IS NULL,
      COALESCE(x_PoolRegion, ''),
      x_PoolRegion IS NULL,
      COALESCE(x_PoolChargeCategory, ''),
      x_PoolChargeCategory IS NULL,
      COALESCE(x_PoolLabelSet, ''),
      x_PoolLabelSet IS NULL
  ) AS x_PoolSubjectId,
  x_PoolComponent,
  x_PoolSquad,
  x_PoolSource,
  x_PoolSubAccount,
  x_PoolService,
  x_PoolSku,
  x_PoolSkuDescription,
  x_PoolRegion,
  x_PoolChargeCategory,
  x_PoolLabelSet
FROM combinations
