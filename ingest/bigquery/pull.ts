import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { BigQueryTable } from '../../core/config/schema.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { SourceKind } from '../../core/lake.ts';
import type { MeasuredFile } from '../lake.ts';
import { measureGroup } from '../measure.ts';
import { columnsOf } from '../probe.ts';
import type { TableField } from './field.ts';
import { tableId, tableSql } from './live-table.ts';
import type { Connect, SpooledFile } from './parquet-spool.ts';
import { tokenOf, type LivePartition } from './partitions.ts';
import { runQuery, selectAll, type QueryContext } from './query.ts';
import { firstDifference, readSourceSums, sourceSumsSql, writtenSums, type PartitionSums } from './source-sums.ts';
import { columnSql, type TableKind } from './tables.ts';
import { bringRows, type Transfer } from './transfer.ts';

/** What a pull of partitions works with. */
export interface Pull {
  context: QueryContext;
  transfer: Transfer;
  source: BigQueryTable;
  kind: SourceKind;
  table: TableKind;
  columns: TableField[];
  connect: Connect;
  staging: string;
  /** The clock on which a charge's day is told. */
  dayZone: string;
  arrived: (rows: number) => void;
}

/** The pull of one partition, with a connection of its own to measure it by. */
export interface PartitionPull extends Pull {
  connection: DuckDBConnection;
}

const TRIES = 3;

/** The SELECT of one or several partitions: the table's columns that the kind knows, whole. */
export function selectSql(source: BigQueryTable, columns: TableField[], filter: string): string {
  const names = columns.map(({ name }) => columnSql(name)).join(', ');
  return `SELECT ${names} FROM ${tableSql(source)} WHERE ${filter}`;
}

/**
 * Pulls one partition whole and holds what was written against the source: the partition is asked again for its rows, newest
 * export time and exact sums. Was it rewritten meanwhile, it is pulled again. Resolves to the partition as it was written.
 * Throws SOURCE_CHANGED where it does not hold still, SOURCE_INCOMPLETE where sums differ, VALUE_INVALID for rows no bill has.
 */
export async function pullPartition(
  pull: PartitionPull,
  partition: LivePartition,
): Promise<{ partition: LivePartition; files: MeasuredFile[] }> {
  const on = `${tableId(pull.source)}, partition ${partition.name}`;
  let looked = partition;
  let difference: string | null = null;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const files = await write(pull, looked, attempt);
    try {
      const measured = await measure(pull, looked, files);
      const said = await askSums(pull, looked);
      if (said.rows === 0) throw goneMeanwhile(on);
      const written = await writtenSums(pull.connection, pull.kind, pull.table, pull.columns, paths(files));
      const token = tokenOf(said.newest, said.rows, looked.snapshotOf);
      difference = firstDifference(said, written);
      if (difference === null && token === looked.token) return { partition: looked, files: measured };
      if (token === looked.token && tokenOf(written.newest, written.rows, looked.snapshotOf) === token && attempt > 1)
        break;
      looked = { ...looked, token, rows: said.rows };
    } catch (error) {
      remove(files);
      throw error;
    }
    remove(files);
  }
  if (looked.token !== partition.token) {
    throw new WorthwhileError('SOURCE_CHANGED', `the partition was rewritten again and again while it was pulled`, {
      on,
      fix: 'run again when the export has finished writing; what stood before stays in use',
    });
  }
  throw new WorthwhileError('SOURCE_INCOMPLETE', `what arrived is not what the source says: ${difference}`, {
    on,
    fix: 'run again; if it stays, set `storageRead: never` for this source. What stood before stays in use',
  });
}

/** An emptied partition is for the next probe to judge: what is gone from a source is kept. */
function goneMeanwhile(on: string): WorthwhileError {
  return new WorthwhileError('SOURCE_CHANGED', 'the partition was removed or emptied while it was pulled', {
    on,
    fix: 'run again; what stood before stays in use',
  });
}

async function write(pull: PartitionPull, partition: LivePartition, attempt: number): Promise<SpooledFile[]> {
  const { context, transfer, source, columns, connect, staging } = pull;
  const finished = await runQuery(context, selectSql(source, columns, partition.filter));
  const target = join(staging, `${partition.name.replaceAll(/[^\w-]/g, '_')}-${attempt}`);
  return bringRows(context, transfer, finished, { connect, target, arrived: pull.arrived });
}

async function askSums(
  { context, kind, table, source, columns }: Pull,
  { filter }: LivePartition,
): Promise<PartitionSums> {
  const { rows } = await selectAll(context, sourceSumsSql(kind, table, source, filter, columns));
  return readSourceSums(kind, columns, rows);
}

/** The same rules for rows, and the same measures, as for files. */
async function measure(pull: PartitionPull, { name }: LivePartition, files: SpooledFile[]): Promise<MeasuredFile[]> {
  const { connection, kind, source, dayZone } = pull;
  const columns = await columnsOf(connection, files[0]!.path);
  const origin = `${tableId(source)}, partition ${name}`;
  const group = { columns, unknown: [], files: files.map(({ path }) => ({ path, source: origin })) };
  const { measures, refused } = await measureGroup(connection, kind, group, dayZone);
  if (refused.length > 0) throw refused[0]!;
  return files.map(({ path, sha256, bytes }) => ({
    source: origin,
    sourceSha256: sha256,
    path,
    sha256,
    bytes,
    measure: measures.get(path)!,
    columns,
  }));
}

const paths = (files: SpooledFile[]): string[] => files.map(({ path }) => path);

function remove(files: SpooledFile[]): void {
  for (const { path } of files) rmSync(path, { force: true });
}
