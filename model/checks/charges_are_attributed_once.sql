-- Attribution is a total function: as many charges come out as went in, each with a squad or a reason and never both.
WITH
staged AS (
  SELECT COUNT(*) AS x_Charges FROM stg_charges
),

attributed AS (
  SELECT
    COUNT(*) AS x_Charges,
    COUNTIF((SquadId IS NULL) = (x_UnallocatedReason IS NULL)) AS x_Undecided
  FROM int_charges_attributed
)

SELECT s.x_Charges AS x_StagedCharges, a.x_Charges AS x_AttributedCharges, a.x_Undecided
FROM staged AS s
CROSS JOIN attributed AS a
WHERE s.x_Charges <> a.x_Charges OR a.x_Undecided > 0
