/**
 * The server of the pull bench, in a process of its own: some thousand rows of the sample company, there so many times over
 * that they make `rows` in all; no SQL runs for a page. Prints its addresses as JSON and serves until it is killed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlText } from '../../core/duckdb.ts';
import { generateCompany } from '../../fixtures/generate.ts';
import { startStandIn } from '../bigquery/stand-in/server.ts';

const PARTITIONS = 5;
const ROWS_AT_HAND = 1000;

const rows = Number(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'worthwhile-pull-bench-'));
const standIn = await startStandIn();
await generateCompany({ folder, size: 'small', seed: 7, endMonth: '2026-06' });
const files = sqlText(join(folder, 'export/detailed/*/*.parquet'));
await standIn.tables.create({
  project: 'data',
  dataset: 'billing',
  table: 'export',
  select: `SELECT * EXCLUDE (number), TIMESTAMPTZ '2026-07-01 00:00:00+00' + to_days((number // ${ROWS_AT_HAND})::INTEGER) AS _PARTITIONTIME
    FROM (SELECT *, row_number() OVER (ORDER BY hash(sku, resource, usage_start_time, cost)) - 1 AS number
      FROM read_parquet(${files}, hive_partitioning = false))
    WHERE number < ${PARTITIONS * ROWS_AT_HAND}`,
  repeat: Math.max(1, Math.round(rows / PARTITIONS / ROWS_AT_HAND)),
});
rmSync(folder, { recursive: true });
// BigQuery ends a page at 10 MB.
standIn.settings.pageRows = 5000;
process.once('SIGTERM', () => void standIn.close().then(() => process.exit(0)));
const { apiEndpoint, storageEndpoint } = standIn;
console.log(JSON.stringify({ apiEndpoint, storageEndpoint }));
