-- grain: a configured pool over a run of days
-- key: x_PoolEntry
-- materialized: table
SELECT
  x_PoolEntry,
  x_PoolId,
  x_PoolTitle,
  x_Method,
  x_DriverName,
  x_BaseColumn,
  x_Level,
  x_Fallback,
  ValidFrom,
  ValidTo
FROM inp_pools
