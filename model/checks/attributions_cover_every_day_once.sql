-- A subject's attributions follow each other from the first day to the last, without gap or overlap.
WITH
neighbours AS (
  SELECT
    x_SubjectId,
    ValidFrom,
    ValidTo,
    LAG(ValidTo) OVER (PARTITION BY x_SubjectId ORDER BY ValidFrom) AS x_EarlierTo,
    LEAD(ValidFrom) OVER (PARTITION BY x_SubjectId ORDER BY ValidFrom) AS x_LaterFrom
  FROM int_attributions
)

SELECT x_SubjectId, ValidFrom, ValidTo
FROM neighbours
WHERE
  COALESCE(x_EarlierTo, DATE '1900-01-01') <> ValidFrom
  OR COALESCE(x_LaterFrom, DATE '2999-12-31') <> ValidTo
