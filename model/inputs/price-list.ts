import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText } from '../../core/duckdb.ts';
import { newestSnapshots, type LakeBatch } from '../../core/lake.ts';
import { duckdbType } from '../../core/source-schemas/column.ts';
import { canonicalSelect } from '../../core/source-schemas/projection.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';

/** Rows of Google's pricing export as staging reads them: the canonical columns, and the source they are of. */
export const RAW_PRICING = [
  'x_SourceName VARCHAR',
  ...sourceSchema('gcp-pricing').columns.map(({ name, type }) => `"${name}" ${duckdbType(type)}`),
].join(', ');

/** Makes `raw_gcp_pricing` readable: the newest price list of every source of that kind, where it lies in the lake. */
export async function loadPriceLists(connection: DuckDBConnection, batches: LakeBatch[]): Promise<void> {
  const lists = newestSnapshots(batches.filter(({ manifest }) => manifest.kind === 'gcp-pricing'));
  await connection.run(
    lists.length === 0
      ? `CREATE TABLE raw_gcp_pricing (${RAW_PRICING})`
      : `CREATE VIEW raw_gcp_pricing AS ${lists.map(rowsOf).join('\nUNION ALL\n')}`,
  );
}

function rowsOf({ manifest, files }: LakeBatch): string {
  return `SELECT ${sqlText(manifest.source)} AS x_SourceName, ${canonicalSelect('gcp-pricing', manifest.columns)}
FROM read_parquet([${files.map(sqlText).join(', ')}], hive_partitioning = false)`;
}
