-- grain: a sub-account (a Google Cloud project) that was ever charged
-- key: SubAccountId
-- materialized: table
--
-- Its name is the one on its latest charge that has one; late rows of a deleted project come without.
WITH
names AS (
  SELECT
    SubAccountId,
    ProviderName,
    COALESCE(SubAccountName, SubAccountId) AS x_Name,
    CASE WHEN SubAccountName IS NULL THEN 1 ELSE 0 END AS x_IsUnnamed,
    MAX(ChargePeriodStart) AS x_LastChargeDay
  FROM stg_charges
  WHERE SubAccountId IS NOT NULL
  GROUP BY SubAccountId, ProviderName, SubAccountName
)

SELECT
  SubAccountId,
  x_Name AS SubAccountName,
  ProviderName
FROM names
WHERE TRUE
QUALIFY
  ROW_NUMBER() OVER (
    PARTITION BY SubAccountId
    ORDER BY x_IsUnnamed, x_LastChargeDay DESC, x_Name, COALESCE(ProviderName, '')
  ) = 1
