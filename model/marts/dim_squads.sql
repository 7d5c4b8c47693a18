-- grain: a squad that was ever in the catalog, or that was ever charged by a rule or an alias
-- key: SquadId
-- materialized: table
--
-- Names are the latest known. x_IsCurrent: in the catalog now. x_ComponentCount: components it owns, or owns a part of, now.
WITH
known AS (
  SELECT SquadId FROM inp_squads
  UNION DISTINCT
  SELECT SquadId FROM fct_chargeback WHERE SquadId <> 'unallocated'
),

owned AS (
  SELECT SquadId, COUNT(*) AS x_ComponentCount
  FROM int_component_shares
  WHERE SquadId IS NOT NULL AND ValidTo = DATE '2999-12-31'
  GROUP BY SquadId
)

SELECT
  k.SquadId,
  COALESCE(l.SquadName, k.SquadId) AS SquadName,
  l.TribeId,
  l.TribeName,
  l.CostCentre,
  l.x_MemberCount,
  COALESCE(o.x_ComponentCount, 0) AS x_ComponentCount,
  l.ValidTo IS NOT NULL AND l.ValidTo = DATE '2999-12-31' AS x_IsCurrent
FROM known AS k
LEFT JOIN int_latest_squads AS l ON l.SquadId = k.SquadId
LEFT JOIN owned AS o ON o.SquadId = k.SquadId
