-- grain: a source of lists (prices or recommendations) with how new its newest list is
-- key: x_SourceName
-- materialized: table
--
-- Each list replaces the one before, so x_RowCount is of the newest alone.
SELECT
  x_SourceName,
  MIN(x_SourceKind) AS x_SourceKind,
  COUNT(*) AS x_BatchCount,
  CAST(SUM(CASE WHEN x_IsNewest THEN x_RowCount ELSE 0 END) AS INT64) AS x_RowCount,
  MAX(CASE WHEN x_IsNewest THEN x_SnapshotTime END) AS x_SnapshotTime,
  MAX(x_PulledAt) AS x_LastPulledAt,
  CAST(COUNTIF(x_IsMissing AND x_IsNewest) AS INT64) AS x_MissingPartitionCount
FROM inp_snapshots
GROUP BY x_SourceName
