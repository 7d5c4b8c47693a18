-- grain: a closed billing month, in the version that holds
-- key: BillingPeriodStart
-- materialized: table
SELECT
  BillingPeriodStart,
  x_CloseVersion,
  x_ClosedAt,
  x_ClosedBy,
  x_CloseReason,
  x_Seal,
  x_SealedGeneration
FROM inp_closes
