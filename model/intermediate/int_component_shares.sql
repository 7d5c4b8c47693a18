-- grain: the share of a component that one owner carries over a run of days
-- key: ComponentId, ValidFrom, x_OwnerPosition
-- materialized: table
--
-- SquadId is null where the catalog names an owner that is no squad; an owner of nothing is left out. x_ShareUpTo is the
-- running total of the shares: the whole for the last owner.
WITH
running AS (
  SELECT
    ComponentId,
    ValidFrom,
    ValidTo,
    x_OwnerPosition,
    CASE WHEN x_IsSquad THEN SquadId END AS SquadId,
    x_OwnerShare,
    SUM(x_OwnerShare) OVER (
      PARTITION BY ComponentId, ValidFrom
      ORDER BY x_OwnerPosition
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS x_ShareUpTo
  FROM inp_component_owners
  WHERE x_OwnerShare > 0
)

SELECT
  ComponentId,
  ValidFrom,
  ValidTo,
  x_OwnerPosition,
  SquadId,
  x_OwnerShare,
  CAST(x_ShareUpTo AS DECIMAL(38, 9)) AS x_ShareUpTo
FROM running
