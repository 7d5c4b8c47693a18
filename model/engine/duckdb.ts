import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * BigQuery's names for what DuckDB calls otherwise, so that `intermediate/` and `marts/` are one text for both engines.
 * COUNTIF, ARRAY_LENGTH, STARTS_WITH, SPLIT and IF are already the same in both.
 */
const PORTABLE_MACROS = [
  'CREATE MACRO FORMAT_DATE(pattern, day) AS strftime(CAST(day AS DATE), pattern)',
  'CREATE MACRO REGEXP_CONTAINS(value, pattern) AS regexp_matches(value, pattern)',
  "CREATE MACRO UNIX_DATE(day) AS (CAST(day AS DATE) - DATE '1970-01-01')",
];

/** Makes a fresh database ready for the model's SQL: portable macros, and the billing clock as a session variable. */
export async function prepareModelSession(connection: DuckDBConnection, timezone: string): Promise<void> {
  for (const macro of PORTABLE_MACROS) await connection.run(macro);
  await connection.run('SET VARIABLE billing_timezone = $1::VARCHAR', [timezone]);
}
