-- grain: a source, driver or metric that a finished run looked at, with what landed from it and what reading it took
-- key: x_RunId, x_SourceName
-- materialized: table
SELECT
  s.x_RunId,
  r.x_StartedAt,
  s.x_SourceName,
  s.x_SourceKind,
  s.x_RowCount,
  s.x_ByteCount,
  s.x_LandedPartitionCount,
  s.x_ReplacedPartitionCount,
  s.x_UnchangedPartitionCount,
  s.x_MissingPartitionCount,
  s.x_QueryCount,
  s.x_BytesProcessed,
  s.x_BytesBilled,
  s.x_PriceUsd
FROM inp_run_sources AS s
INNER JOIN inp_runs AS r ON s.x_RunId = r.x_RunId
