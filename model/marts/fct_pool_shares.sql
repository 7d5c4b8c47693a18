-- grain: what one target had of a pool over a run of usage days in a billing month, before pools among the targets are followed
-- key: BillingPeriodStart, BillingCurrency, x_PoolId, ValidFrom, x_TargetKind, x_Target?
-- materialized: table
-- partitioned-by: BillingPeriodStart
--
-- x_TargetKind is squad, component, pool or kept (it stays where it is, with the reason in x_FallbackUsed or because nobody is named
-- for it). x_Weight is in the unit of the method: driver quantity, direct cost, configured share, or 1. x_Ratio is rounded for reading.
SELECT
  BillingPeriodStart,
  BillingCurrency,
  x_PoolId,
  ValidFrom,
  ValidTo,
  x_TargetKind,
  x_Target,
  x_Method,
  x_DriverName,
  x_DriverPeriodStart,
  x_FallbackUsed,
  x_Weight,
  x_Ratio
FROM int_pool_weights
