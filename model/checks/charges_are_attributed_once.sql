-- Attribution is a total function: each charge has a squad or a reason and never both, and as many rows of the bill come
-- out as went in. (That no charge is doubled is what the key of int_charges_attributed says.)
WITH
counts AS (
  SELECT 'rows of the bill' AS x_What, SUM(x_ChargeCount) AS x_Rows FROM stg_charges
  UNION ALL
  SELECT 'rows covered' AS x_What, SUM(x_ChargeCount) AS x_Rows FROM fct_coverage
)

SELECT 'a subject with both a squad and a reason, or neither' AS x_Problem, COUNT(*) AS x_Count
FROM int_attributions
WHERE (SquadId IS NULL) = (x_UnallocatedReason IS NULL)
HAVING COUNT(*) > 0
UNION ALL
SELECT 'charges that no attribution holds for' AS x_Problem, SUM(x_ChargeCount) AS x_Count
FROM fct_coverage
WHERE x_AttributionStep IS NULL OR (x_AttributionStep = 'unallocated') = (x_UnallocatedReason IS NULL)
HAVING COUNT(*) > 0
UNION ALL
SELECT 'rows of the bill that are not covered, or covered twice' AS x_Problem, MAX(x_Rows) - MIN(x_Rows) AS x_Count
FROM counts
HAVING COALESCE(MAX(x_Rows) - MIN(x_Rows), 0) <> 0 OR COUNT(x_Rows) = 1
