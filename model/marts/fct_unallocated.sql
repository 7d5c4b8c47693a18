-- grain: what stayed unallocated in a billing month for one reason, by the label that would have decided, project and service
-- key: BillingPeriodStart, BillingCurrency, x_UnallocatedReason, x_LabelKey?, x_LabelValue?, SubAccountId?, ServiceName?, x_SuggestedSquadId?
-- materialized: table
-- partitioned-by: BillingPeriodStart
--
-- Suggested is the catalog name nearest to an unknown value; for a component without an owner, what its squad label says.
WITH
unallocated AS (
  SELECT
    BillingPeriodStart,
    BillingCurrency,
    x_UnallocatedReason,
    x_MatchedKey AS x_LabelKey,
    x_MatchedValue AS x_LabelValue,
    SubAccountId,
    ServiceName,
    x_LabelledSquadId,
    CAST(SUM(BilledCost) AS DECIMAL(38, 9)) AS BilledCost,
    CAST(SUM(EffectiveCost) AS DECIMAL(38, 9)) AS EffectiveCost,
    CAST(SUM(ABS(BilledCost)) AS DECIMAL(38, 9)) AS x_AbsoluteBilledCost,
    COUNT(DISTINCT ResourceId) AS x_ResourceCount,
    CAST(SUM(x_ChargeCount) AS INT64) AS x_ChargeCount
  FROM int_charges_owned
  WHERE ChargeKind = 'Unallocated'
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
)

SELECT
  u.BillingPeriodStart,
  u.BillingCurrency,
  u.x_UnallocatedReason,
  u.x_LabelKey,
  u.x_LabelValue,
  u.SubAccountId,
  u.ServiceName,
  s.x_SuggestedComponentId,
  COALESCE(s.x_SuggestedSquadId, u.x_LabelledSquadId) AS x_SuggestedSquadId,
  u.BilledCost,
  u.EffectiveCost,
  u.x_AbsoluteBilledCost,
  u.x_ResourceCount,
  u.x_ChargeCount
FROM unallocated AS u
LEFT JOIN int_label_suggestions AS s
  ON
    u.x_UnallocatedReason = 'label-value-unknown'
    AND s.x_LabelValue
    = REPLACE(REPLACE(REPLACE(REPLACE(LOWER(TRIM(u.x_LabelValue)), '_', '-'), '.', '-'), '/', '-'), ' ', '-')
