-- grain: a configured billing account of Google Cloud, as Cloud Billing last described it
-- key: BillingAccountId
-- materialized: table
--
-- x_ChargedCurrencies are those of its newest billing month, separated by commas; null where no charge of it has arrived.
WITH
charged_months AS (
  SELECT
    REPLACE(BillingAccountId, 'billingAccounts/', '') AS BillingAccountId,
    BillingCurrency,
    BillingPeriodStart,
    MIN(x_FirstChargeDay) AS x_FirstChargeDay,
    MAX(x_LastChargeDay) AS x_LastChargeDay
  FROM fct_billing_account_months
  GROUP BY BillingAccountId, BillingCurrency, BillingPeriodStart
),

charged AS (
  SELECT
    BillingAccountId,
    MIN(x_FirstChargeDay) AS x_FirstChargeDay,
    MAX(x_LastChargeDay) AS x_LastChargeDay,
    MAX(BillingPeriodStart) AS x_NewestPeriod
  FROM charged_months
  GROUP BY BillingAccountId
),

newest_currencies AS (
  SELECT
    m.BillingAccountId,
    STRING_AGG(DISTINCT m.BillingCurrency, ',' ORDER BY m.BillingCurrency) AS x_ChargedCurrencies
  FROM charged_months AS m
  INNER JOIN charged AS c ON m.BillingAccountId = c.BillingAccountId AND m.BillingPeriodStart = c.x_NewestPeriod
  GROUP BY m.BillingAccountId
),

linked AS (
  SELECT BillingAccountId, COUNT(*) AS x_LinkedProjectCount
  FROM inp_linked_projects
  WHERE x_IsLinked
  GROUP BY BillingAccountId
)

SELECT
  a.BillingAccountId,
  a.x_BillingAccountName,
  a.x_IsOpen,
  a.BillingCurrency,
  n.x_ChargedCurrencies,
  COALESCE(a.BillingCurrency = n.x_ChargedCurrencies, TRUE) AS x_CurrencyMatches,
  COALESCE(l.x_LinkedProjectCount, 0) AS x_LinkedProjectCount,
  c.x_FirstChargeDay,
  c.x_LastChargeDay,
  a.x_FetchedAt
FROM inp_billing_accounts AS a
LEFT JOIN charged AS c ON a.BillingAccountId = c.BillingAccountId
LEFT JOIN newest_currencies AS n ON a.BillingAccountId = n.BillingAccountId
LEFT JOIN linked AS l ON a.BillingAccountId = l.BillingAccountId
