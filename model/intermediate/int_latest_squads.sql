-- grain: a squad that was ever in the catalog, as the catalog described it last
-- key: SquadId
-- materialized: table
SELECT
  SquadId,
  SquadName,
  TribeId,
  TribeName,
  CostCentre,
  x_MemberCount,
  ValidTo
FROM inp_squads
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY SquadId ORDER BY ValidFrom DESC) = 1
