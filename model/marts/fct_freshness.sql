-- grain: a source with how recent and how complete its data is
-- key: x_SourceName
-- materialized: table
SELECT
  x_SourceName,
  MIN(x_SourceKind) AS x_SourceKind,
  COUNT(*) AS x_BatchCount,
  CAST(SUM(x_RowCount) AS INT64) AS x_RowCount,
  MAX(x_ExportTimeMax) AS x_ExportTimeMax,
  MAX(x_ChargePeriodMax) AS x_LastChargeDay,
  MAX(x_PulledAt) AS x_LastPulledAt,
  CAST(COUNTIF(x_IsMissing) AS INT64) AS x_MissingPartitionCount
FROM inp_batches
GROUP BY x_SourceName
