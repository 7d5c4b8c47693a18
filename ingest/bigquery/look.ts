import type { BigQueryTable } from '../../core/config/schema.ts';
import type { SourceHeads, SourceKind } from '../../core/lake.ts';
import type { SourceRun } from '../source-run.ts';
import type { Opening } from './client.ts';
import {
  assertPartitioned,
  compareLiveSchema,
  tableId,
  tableMetadata,
  type LiveSchema,
  type TableMetadata,
} from './live-table.ts';
import { probeSql, readProbe, type ProbedPartitions } from './partitions.ts';
import { selectAll, type QueryContext } from './query.ts';
import type { TableKind } from './tables.ts';

/** A table as it is now: what it is made of and what each of its partitions holds. */
export interface LiveTable extends ProbedPartitions {
  metadata: TableMetadata;
  schema: LiveSchema;
}

/** A table as it is, with what its source is to be brought up to it with. */
export interface Looked extends LiveTable {
  open: Opening;
  run: SourceRun;
  settings: BigQueryTable;
  table: TableKind;
  context: QueryContext;
  stored: SourceHeads | null;
}

/**
 * Reads a table's description and probes all of its partitions with one query. Where the configuration says no location, the
 * context takes the table's own. Throws SCHEMA_* or SOURCE_NOT_FOUND where the table is not one of its kind.
 */
export async function lookAtTable(
  context: QueryContext,
  kind: SourceKind,
  table: TableKind,
  settings: BigQueryTable,
): Promise<LiveTable> {
  const on = tableId(settings);
  const metadata = await tableMetadata(context.api, settings, context.retries);
  context.location ??= metadata.location ?? null;
  assertPartitioned(table, metadata, on);
  const schema = compareLiveSchema(kind, table, metadata.schema?.fields ?? [], on);
  const { schema: answered, rows } = await selectAll(context, probeSql(settings, table));
  return { metadata, schema, ...readProbe(table, answered, rows) };
}
