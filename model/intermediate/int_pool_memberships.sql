-- grain: the pool that a subject's charges fall into over a run of days
-- key: x_PoolSubjectId, ValidFrom
-- materialized: table
--
-- Of several pools that would take a charge on a day, the first in the configuration has it. Days without a pool have no row.
WITH
label_hits AS (
  SELECT DISTINCT c.x_PoolEntry, c.x_ConditionId, v.x_LabelSetId
  FROM inp_pool_conditions AS c
  INNER JOIN stg_label_values AS v
    ON
      v.x_LabelScope = 'label'
      AND LOWER(v.x_LabelKey) = c.x_LabelKey
      AND REPLACE(LOWER(v.x_LabelValue), '_', '¦') LIKE c.x_LabelValuePattern
),

namespace_hits AS (
  SELECT DISTINCT c.x_PoolEntry, c.x_ConditionId, v.x_LabelSetId
  FROM inp_pool_conditions AS c
  INNER JOIN stg_label_values AS v
    ON
      v.x_LabelScope = 'label'
      AND LOWER(v.x_LabelKey) = 'k8s-namespace'
      AND REPLACE(LOWER(v.x_LabelValue), '_', '¦') LIKE c.x_NamespacePattern
),

candidates AS (
  SELECT DISTINCT s.x_PoolSubjectId, p.x_PoolEntry, p.x_PoolId, p.ValidFrom, p.ValidTo
  FROM int_pool_subjects AS s
  CROSS JOIN inp_pool_conditions AS c
  INNER JOIN inp_pools AS p ON p.x_PoolEntry = c.x_PoolEntry
  LEFT JOIN label_hits AS h
    ON h.x_PoolEntry = c.x_PoolEntry AND h.x_ConditionId = c.x_ConditionId AND h.x_LabelSetId = s.x_PoolLabelSet
  LEFT JOIN namespace_hits AS n
    ON n.x_PoolEntry = c.x_PoolEntry AND n.x_ConditionId = c.x_ConditionId AND n.x_LabelSetId = s.x_PoolLabelSet
  WHERE
    (c.x_ComponentPattern IS NULL OR REPLACE(LOWER(s.x_PoolComponent), '_', '¦') LIKE c.x_ComponentPattern)
    AND (c.x_SquadPattern IS NULL OR REPLACE(LOWER(s.x_PoolSquad), '_', '¦') LIKE c.x_SquadPattern)
    AND (c.x_SourcePattern IS NULL OR REPLACE(LOWER(s.x_PoolSource), '_', '¦') LIKE c.x_SourcePattern)
    AND (c.x_SubAccountPattern IS NULL OR REPLACE(LOWER(s.x_PoolSubAccount), '_', '¦') LIKE c.x_SubAccountPattern)
    AND (c.x_ServicePattern IS NULL OR REPLACE(LOWER(s.x_PoolService), '_', '¦') LIKE c.x_ServicePattern)
    AND (
      c.x_SkuPattern IS NULL
      OR REPLACE(LOWER(s.x_PoolSku), '_', '¦') LIKE c.x_SkuPattern
      OR REPLACE(LOWER(s.x_PoolSkuDescription), '_', '¦') LIKE c.x_SkuPattern
    )
    AND (c.x_RegionPattern IS NULL OR REPLACE(LOWER(s.x_PoolRegion), '_', '¦') LIKE c.x_RegionPattern)
    AND (c.x_ChargeCategoryPattern IS NULL OR REPLACE(LOWER(s.x_PoolChargeCategory), '_', '¦') LIKE c.x_ChargeCategoryPattern)
    AND (c.x_LabelKey IS NULL OR h.x_LabelSetId IS NOT NULL)
    AND (c.x_NamespacePattern IS NULL OR n.x_LabelSetId IS NOT NULL)
),

turning_days AS (
  SELECT x_PoolSubjectId, ValidFrom AS x_Day FROM candidates
  UNION DISTINCT
  SELECT x_PoolSubjectId, ValidTo AS x_Day FROM candidates
),

runs AS (
  SELECT
    x_PoolSubjectId,
    x_Day AS ValidFrom,
    LEAD(x_Day) OVER (PARTITION BY x_PoolSubjectId ORDER BY x_Day) AS ValidTo
  FROM turning_days
)

SELECT
  r.x_PoolSubjectId,
  r.ValidFrom,
  r.ValidTo,
  c.x_PoolEntry,
  c.x_PoolId,
  s.x_PoolComponent,
  s.x_PoolSquad,
  s.x_PoolSource,
  s.x_PoolSubAccount,
  s.x_PoolService,
  s.x_PoolSku,
  s.x_PoolSkuDescription,
  s.x_PoolRegion,
  s.x_PoolChargeCategory,
  s.x_PoolLabelSet
FROM runs AS r
INNER JOIN candidates AS c
  ON c.x_PoolSubjectId = r.x_PoolSubjectId AND c.ValidFrom <= r.ValidFrom AND r.ValidTo <= c.ValidTo
INNER JOIN int_pool_subjects AS s ON s.x_PoolSubjectId = r.x_PoolSubjectId
WHERE r.ValidTo IS NOT NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY r.x_PoolSubjectId, r.ValidFrom ORDER BY c.x_PoolEntry) = 1
