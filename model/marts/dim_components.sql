-- grain: a component that was ever in the catalog, or that was ever charged by a rule or an alias
-- key: ComponentId
-- materialized: table
--
-- Names are the latest known. SquadId and x_Owners are the owners of its last day in the catalog; SquadId is the first of them
-- that is a squad. x_IsCurrent: in the catalog now.
WITH
latest AS (
  SELECT
    ComponentId,
    ComponentName,
    x_ComponentKind,
    x_ComponentType,
    x_Lifecycle,
    SystemId,
    SystemName,
    DomainId,
    DomainName,
    ValidTo
  FROM inp_components
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY ComponentId ORDER BY ValidFrom DESC) = 1
),

known AS (
  SELECT ComponentId FROM inp_components
  UNION DISTINCT
  SELECT ComponentId FROM fct_chargeback WHERE ComponentId IS NOT NULL
),

last_owners AS (
  SELECT o.ComponentId, o.x_OwnerPosition, o.SquadId, o.x_OwnerShareText, o.x_IsSquad
  FROM inp_component_owners AS o
  INNER JOIN latest AS l ON l.ComponentId = o.ComponentId AND l.ValidTo = o.ValidTo
),

first_squads AS (
  SELECT ComponentId, SquadId
  FROM last_owners
  WHERE x_IsSquad
  QUALIFY ROW_NUMBER() OVER (PARTITION BY ComponentId ORDER BY x_OwnerPosition) = 1
),

owners AS (
  SELECT
    ComponentId,
    STRING_AGG(CONCAT(SquadId, '=', x_OwnerShareText), ', ' ORDER BY x_OwnerPosition) AS x_Owners
  FROM last_owners
  GROUP BY ComponentId
)

SELECT
  k.ComponentId,
  COALESCE(l.ComponentName, k.ComponentId) AS ComponentName,
  l.x_ComponentKind,
  l.x_ComponentType,
  l.x_Lifecycle,
  l.SystemId,
  l.SystemName,
  l.DomainId,
  l.DomainName,
  s.SquadId,
  o.x_Owners,
  l.ValidTo IS NOT NULL AND l.ValidTo = DATE '2999-12-31' AS x_IsCurrent
FROM known AS k
LEFT JOIN latest AS l ON l.ComponentId = k.ComponentId
LEFT JOIN first_squads AS s ON s.ComponentId = k.ComponentId
LEFT JOIN owners AS o ON o.ComponentId = k.ComponentId
