-- grain: a charge with the pool that it falls into, if any
-- key: x_ChargeId
-- materialized: view
SELECT
  a.*,
  m.x_PoolId
FROM int_charges_attributed AS a
CROSS JOIN int_pool_facets AS f
LEFT JOIN int_pool_memberships AS m
  ON
    m.ValidFrom <= a.ChargePeriodStart
    AND a.ChargePeriodStart < m.ValidTo
    AND m.x_PoolComponent IS NOT DISTINCT FROM CASE WHEN f.x_ReadsComponent THEN a.ComponentId END
    AND m.x_PoolSquad IS NOT DISTINCT FROM CASE WHEN f.x_ReadsSquad THEN a.SquadId END
    AND m.x_PoolSource IS NOT DISTINCT FROM CASE WHEN f.x_ReadsSource THEN a.x_SourceName END
    AND m.x_PoolSubAccount IS NOT DISTINCT FROM CASE WHEN f.x_ReadsSubAccount THEN a.SubAccountId END
    AND m.x_PoolService IS NOT DISTINCT FROM CASE WHEN f.x_ReadsService THEN a.ServiceName END
    AND m.x_PoolSku IS NOT DISTINCT FROM CASE WHEN f.x_ReadsSku THEN a.SkuId END
    AND m.x_PoolSkuDescription IS NOT DISTINCT FROM CASE WHEN f.x_ReadsSku THEN a.x_SkuDescription END
    AND m.x_PoolRegion IS NOT DISTINCT FROM CASE WHEN f.x_ReadsRegion THEN a.RegionId END
    AND m.x_PoolChargeCategory IS NOT DISTINCT FROM CASE WHEN f.x_ReadsChargeCategory THEN a.ChargeCategory END
    AND m.x_PoolLabelSet IS NOT DISTINCT FROM CASE WHEN f.x_ReadsLabels THEN a.x_LabelSetId END
