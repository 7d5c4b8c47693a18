-- grain: a sub-account (a Google Cloud project) that was ever charged
-- key: SubAccountId
-- materialized: table
--
-- Its name is the one on its latest charge that has one; late rows of a deleted project come without.
WITH
names AS (
  SELECT SubAccountId, SubAccountName, ProviderName, MAX(ChargePeriodStart) AS x_LastChargeDay
  FROM stg_charges
  WHERE SubAccountId IS NOT NULL
  GROUP BY SubAccountId, SubAccountName, ProviderName
)

SELECT
  SubAccountId,
  COALESCE(SubAccountName, SubAccountId) AS SubAccountName,
  ProviderName
FROM names
WHERE TRUE
QUALIFY
  ROW_NUMBER() OVER (
    PARTITION BY SubAccountId
    ORDER BY
      CASE WHEN SubAccountName IS NULL THEN 1 ELSE 0 END,
      x_LastChargeDay DESC,
      COALESCE(SubAccountName, ''),
      COALESCE(ProviderName, '')
  ) = 1
