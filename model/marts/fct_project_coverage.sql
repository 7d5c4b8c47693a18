-- grain: a project that is linked to a configured billing account, or that the account was ever charged for
-- key: BillingAccountId, SubAccountId
-- materialized: table
--
-- A project that moves to another billing account vanishes from the export without a word; only the two sides held together show
-- it. Days count from the account's newest charge. x_ProjectStatus:
--   missing   linked, billing on, and not one charge has arrived
--   new       linked, first charged within the last 30 days
--   quiet     linked, not charged for more than 30 days
--   disabled  linked, billing off
--   moved     charged within the last 60 days, and now linked to x_LinkedBillingAccountId
--   unlinked  charged within the last 60 days, and no longer linked to any configured account
--   former    neither linked nor charged within the last 60 days
--   covered   linked and charged
WITH
charged_months AS (
  SELECT
    a.BillingAccountId,
    m.SubAccountId,
    m.BillingPeriodStart,
    m.BillingCurrency,
    m.x_FirstChargeDay,
    m.x_LastChargeDay,
    m.BilledCost,
    m.EffectiveCost
  FROM fct_billing_account_months AS m
  INNER JOIN inp_billing_accounts AS a ON a.BillingAccountId = REPLACE(m.BillingAccountId, 'billingAccounts/', '')
),

account_days AS (
  SELECT
    BillingAccountId,
    MIN(x_FirstChargeDay) AS x_FirstDay,
    MAX(x_LastChargeDay) AS x_LastDay
  FROM charged_months
  GROUP BY BillingAccountId
),

charged AS (
  SELECT
    BillingAccountId,
    SubAccountId,
    MIN(x_FirstChargeDay) AS x_FirstChargeDay,
    MAX(x_LastChargeDay) AS x_LastChargeDay
  FROM charged_months
  WHERE SubAccountId IS NOT NULL
  GROUP BY BillingAccountId, SubAccountId
),

last_months AS (
  SELECT
    BillingAccountId,
    SubAccountId,
    BillingPeriodStart,
    BillingCurrency,
    BilledCost,
    EffectiveCost
  FROM charged_months
  WHERE SubAccountId IS NOT NULL
  QUALIFY
    ROW_NUMBER() OVER (
      PARTITION BY BillingAccountId, SubAccountId
      ORDER BY BillingPeriodStart DESC, ABS(BilledCost) DESC, BillingCurrency
    ) = 1
),

linked AS (
  SELECT
    BillingAccountId,
    SubAccountId,
    x_IsBillingEnabled,
    x_FirstLinkedAt
  FROM inp_linked_projects
  WHERE x_IsLinked
),

homes AS (
  SELECT SubAccountId, MIN(BillingAccountId) AS x_LinkedBillingAccountId
  FROM linked
  GROUP BY SubAccountId
),

left_at AS (
  SELECT BillingAccountId, SubAccountId, MAX(x_LastLinkedAt) AS x_LastLinkedAt
  FROM inp_linked_projects
  GROUP BY BillingAccountId, SubAccountId
),

known AS (
  SELECT BillingAccountId, SubAccountId FROM charged
  UNION DISTINCT
  SELECT BillingAccountId, SubAccountId FROM linked
)

SELECT
  k.BillingAccountId,
  k.SubAccountId,
  CASE
    WHEN l.SubAccountId IS NOT NULL AND NOT l.x_IsBillingEnabled THEN 'disabled'
    WHEN l.SubAccountId IS NOT NULL AND c.SubAccountId IS NULL THEN 'missing'
    WHEN l.SubAccountId IS NULL AND c.x_LastChargeDay < d.x_LastDay - 60 THEN 'former'
    WHEN l.SubAccountId IS NULL AND h.SubAccountId IS NOT NULL THEN 'moved'
    WHEN l.SubAccountId IS NULL THEN 'unlinked'
    WHEN c.x_FirstChargeDay > d.x_LastDay - 30 AND c.x_FirstChargeDay - 30 >= d.x_FirstDay THEN 'new'
    WHEN c.x_LastChargeDay < d.x_LastDay - 30 THEN 'quiet'
    ELSE 'covered'
  END AS x_ProjectStatus,
  h.x_LinkedBillingAccountId,
  l.x_FirstLinkedAt,
  t.x_LastLinkedAt,
  c.x_FirstChargeDay,
  c.x_LastChargeDay,
  m.BillingPeriodStart AS x_LastBillingPeriod,
  m.BillingCurrency,
  m.BilledCost,
  m.EffectiveCost
FROM known AS k
LEFT JOIN linked AS l ON k.BillingAccountId = l.BillingAccountId AND k.SubAccountId = l.SubAccountId
LEFT JOIN charged AS c ON k.BillingAccountId = c.BillingAccountId AND k.SubAccountId = c.SubAccountId
LEFT JOIN account_days AS d ON k.BillingAccountId = d.BillingAccountId
LEFT JOIN homes AS h ON k.SubAccountId = h.SubAccountId
LEFT JOIN left_at AS t ON k.BillingAccountId = t.BillingAccountId AND k.SubAccountId = t.SubAccountId
LEFT JOIN last_months AS m ON k.BillingAccountId = m.BillingAccountId AND k.SubAccountId = m.SubAccountId
