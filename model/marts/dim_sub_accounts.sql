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
    MAX(x_LastChargeDay) AS x_LastChargeDay
  FROM fct_sub_account_months
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
