-- grain: a run that had ended when this generation was built, with what it took in, what it cost and how it ended
-- key: x_RunId
-- materialized: table
--
-- Rows, bytes and prices are of what the run itself landed, over its sources, drivers and metrics. x_PriceUsd is what BigQuery's
-- on-demand price makes of the bytes billed. x_EndedAt is null where the process was killed.
WITH
run_sums AS (
  SELECT
    x_RunId,
    COUNT(*) AS x_SourceCount,
    SUM(x_RowCount) AS x_RowCount,
    SUM(x_ByteCount) AS x_ByteCount,
    SUM(x_LandedPartitionCount) AS x_LandedPartitionCount,
    SUM(x_QueryCount) AS x_QueryCount,
    SUM(x_BytesBilled) AS x_BytesBilled,
    SUM(x_PriceUsd) AS x_PriceUsd
  FROM inp_run_sources
  GROUP BY x_RunId
)

SELECT
  r.x_RunId,
  r.x_Command,
  r.x_Trigger,
  r.x_StartedAt,
  r.x_EndedAt,
  r.x_DurationMs,
  r.x_Outcome,
  r.x_ExitCode,
  r.x_ErrorCode,
  r.x_ErrorReason,
  r.x_Generation,
  r.x_IsPublished,
  r.x_SkippedCount,
  r.x_WarningCount,
  COALESCE(s.x_SourceCount, 0) AS x_SourceCount,
  CAST(COALESCE(s.x_RowCount, 0) AS INT64) AS x_RowCount,
  CAST(COALESCE(s.x_ByteCount, 0) AS INT64) AS x_ByteCount,
  CAST(COALESCE(s.x_LandedPartitionCount, 0) AS INT64) AS x_LandedPartitionCount,
  CAST(COALESCE(s.x_QueryCount, 0) AS INT64) AS x_QueryCount,
  CAST(COALESCE(s.x_BytesBilled, 0) AS INT64) AS x_BytesBilled,
  CAST(COALESCE(s.x_PriceUsd, 0) AS DECIMAL(38, 9)) AS x_PriceUsd
FROM inp_runs AS r
LEFT JOIN run_sums AS s ON r.x_RunId = s.x_RunId
