import type { DuckDBConnection } from '@duckdb/node-api';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { currentBatches, type LakeBatch } from '../../core/lake.ts';
import { canonicalColumns } from '../../core/source-schemas/projection.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Workspace } from '../../core/workspace.ts';

/** The column, and the SQL over it, that holds the id of Google's service. */
const SERVICE_ID: Readonly<Partial<Record<LakeBatch['manifest']['kind'], [column: string, id: string]>>> = {
  'gcp-billing-detailed': ['service', 'service.id'],
  'gcp-billing-standard': ['service', 'service.id'],
  'gcp-focus': ['x_ServiceId', 'x_ServiceId'],
};

/** Ids of the Google services that any current charge names, in order. Reads one column of the lake. */
export async function servicesSeen(config: Config, workspace: Workspace): Promise<string[]> {
  const named = config.sources.map(({ name }) => name);
  const bySignature = new Map<string, LakeBatch[]>();
  for (const batch of currentBatches(workspace, named)) {
    const { kind, columns, rows } = batch.manifest;
    if (!SERVICE_ID[kind] || rows === 0) continue;
    const signature = JSON.stringify([kind, columns]);
    bySignature.set(signature, [...(bySignature.get(signature) ?? []), batch]);
  }
  if (bySignature.size === 0) return [];
  const { memory, threads } = config.resources;
  const database = await openDatabase({ ...(memory && { memoryLimit: memory }), ...(threads && { threads }) });
  const seen = new Set<string>();
  try {
    for (const batches of bySignature.values()) {
      for (const id of await idsIn(database.connection, batches)) seen.add(id);
    }
  } finally {
    database.close();
  }
  return [...seen].sort();
}

async function idsIn(connection: DuckDBConnection, batches: LakeBatch[]): Promise<string[]> {
  const { kind, columns } = batches[0]!.manifest;
  const [column, id] = SERVICE_ID[kind]!;
  const { sql } = canonicalColumns(kind, columns).find(({ name }) => name === column)!;
  const files = batches.flatMap((batch) => batch.files).map(sqlText);
  const rows = await selectRows<{ id: string | null }>(
    connection,
    `SELECT DISTINCT ${id} AS id FROM (
       SELECT ${sql} AS ${column} FROM read_parquet([${files.join(', ')}], hive_partitioning = false)
     )`,
  );
  // What is no id of Google's form would only be refused by the API, or reach another address there.
  return rows.flatMap(({ id: found }) => (found && /^[A-Z0-9]+(-[A-Z0-9]+)*$/.test(found) ? [found] : []));
}
