import { createHash } from 'node:crypto';
import type { BigQueryTable } from '../../core/config/schema.ts';
import type { SourceHeads, SourceKind } from '../../core/lake.ts';
import type { TableField } from './field.ts';
import { isoOfMicros, microsOfCell, type JsonRow } from './json-values.ts';
import { tableId, tableSql } from './live-table.ts';
import { columnSql, INGESTION_TIME, type TableKind } from './tables.ts';

/** One partition as a probe saw it. */
export interface LivePartition {
  /** Its name in the lake: a day, a billing period, or `latest`. */
  name: string;
  /** SQL that only its rows meet, with constants alone, so that BigQuery reads no other partition. */
  filter: string;
  rows: number;
  /** Newest export time and row count: what tells a rewritten partition from the one that landed. */
  token: string;
  /** Its newest export time, in microseconds. */
  newest: bigint | null;
  /** SQL of the value that its rows share. */
  value: string;
  /** Of a list that is written again and again, the time of the one that counts. */
  snapshotOf: bigint | null;
}

export interface ProbedPartitions {
  partitions: LivePartition[];
  /** Rows that are in no partition yet. */
  unplaced: number;
}

/** One query that tells every partition's row count and newest export time; it reads two columns of times at most. */
export function probeSql(source: BigQueryTable, table: TableKind): string {
  const columns = [
    `${columnSql(table.partition)} AS partition_value`,
    'COUNT(*) AS row_count',
    `MAX(${columnSql(table.exportTime)}) AS newest`,
    ...(table.snapshot?.per ? [`${columnSql(table.snapshot.per)} AS per`] : []),
    ...(prunedByDay(table)
      ? [`MIN(${columnSql(INGESTION_TIME)}) AS first_day`, `MAX(${columnSql(INGESTION_TIME)}) AS last_day`]
      : []),
  ];
  const groups = ['partition_value', ...(table.snapshot?.per ? ['per'] : [])];
  return `SELECT ${columns.join(', ')} FROM ${tableSql(source)} GROUP BY ${groups.join(', ')}`;
}

/** The rows live in ingestion days although the partition is another column's value. */
const prunedByDay = (table: TableKind): boolean => table.ingestionDays && table.partition !== INGESTION_TIME;

/** Reads a probe's rows; of a snapshot kind, only the newest partition (for each `per`) is there at all. */
export function readProbe(table: TableKind, schema: TableField[], rows: JsonRow[]): ProbedPartitions {
  const at = (name: string): number => schema.findIndex((field) => field.name === name);
  const [value, count, newest, per, first, last] = [
    'partition_value',
    'row_count',
    'newest',
    'per',
    'first_day',
    'last_day',
  ].map(at);
  const seen = rows.map(({ f }) => ({
    value: microsOfCell(f[value!]!.v),
    rows: Number(f[count!]!.v),
    newest: microsOfCell(f[newest!]!.v),
    per: per === -1 ? null : (f[per!]!.v as string | null),
    days: first === -1 ? null : [microsOfCell(f[first!]!.v), microsOfCell(f[last!]!.v)],
  }));
  const placed = seen.filter((row) => row.value !== null);
  const kept = table.snapshot ? newestOfEach(placed) : placed;
  const partitions = kept.map((row) => ({
    name: table.snapshot ? snapshotName(row.per) : nameOf(row.value!),
    filter: filterOf(table, row),
    rows: row.rows,
    token: tokenOf(row.newest, row.rows, table.snapshot ? row.value : null),
    newest: row.newest,
    value: timestamp(row.value!),
    snapshotOf: table.snapshot ? row.value : null,
  }));
  return {
    partitions: partitions.sort((a, b) => (a.name < b.name ? -1 : 1)),
    unplaced: seen.filter((row) => row.value === null).reduce((sum, row) => sum + row.rows, 0),
  };
}

/** SQL of several partitions at once, still with constants alone. */
export function filterOfAll(table: TableKind, partitions: LivePartition[]): string {
  return `${columnSql(table.partition)} IN (${partitions.map(({ value }) => value).join(', ')})`;
}

interface SeenPartition {
  value: bigint | null;
  rows: number;
  newest: bigint | null;
  per: string | null;
  days: (bigint | null)[] | null;
}

function newestOfEach(seen: SeenPartition[]): SeenPartition[] {
  const newest = new Map<string | null, SeenPartition>();
  for (const row of seen) {
    const before = newest.get(row.per);
    if (!before || row.value! > before.value!) newest.set(row.per, row);
  }
  return [...newest.values()];
}

const snapshotName = (per: string | null): string => (per === null ? 'latest' : `latest-${per}`);

/** A day where the time is its midnight, else the time. */
function nameOf(value: bigint): string {
  const iso = isoOfMicros(value);
  return iso.replace('.000000Z', 'Z').replace('T00:00:00Z', '');
}

function filterOf(table: TableKind, { value, per, days }: SeenPartition): string {
  const conditions = [`${columnSql(table.partition)} = ${timestamp(value!)}`];
  if (days?.[0] != null && days[1] != null) {
    conditions.push(`${columnSql(INGESTION_TIME)} BETWEEN ${timestamp(days[0])} AND ${timestamp(days[1])}`);
  }
  if (table.snapshot?.per) {
    conditions.push(
      per === null ? `${columnSql(table.snapshot.per)} IS NULL` : `${columnSql(table.snapshot.per)} = ${text(per)}`,
    );
  }
  return conditions.join(' AND ');
}

/** The change token: what the source said, never our own clock. */
export function tokenOf(newest: bigint | null, rows: number, value: bigint | null = null): string {
  const times = [value, newest].filter((time) => time !== null).map(isoOfMicros);
  return [...times, `${rows} rows`].join(' ');
}

const timestamp = (value: bigint): string => `TIMESTAMP '${isoOfMicros(value).replace('T', ' ').replace('Z', '+00')}'`;
const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** What to pull, and what stands. */
export interface TablePlan {
  changed: (LivePartition & { batchId: string })[];
  unchanged: string[];
  /** Partitions of the heads that are gone at the source; their rows are kept. */
  missing: string[];
}

/**
 * Compares a probe with the heads. A partition is pulled where its token differs or its batch is not `usable`; `full` pulls all.
 * `expected` says which partitions this run looks at.
 */
export function planTable(input: {
  kind: SourceKind;
  source: BigQueryTable;
  columns: TableField[];
  live: LivePartition[];
  heads: SourceHeads | null;
  usable: (batchId: string) => boolean;
  expected: (partition: string) => boolean;
  full: boolean;
}): TablePlan {
  const { live, full, expected, usable } = input;
  const heads = input.heads?.partitions ?? {};
  const here = new Set(live.map(({ name }) => name));
  const looked = live.filter(({ name }) => expected(name));
  const stands = ({ name, token }: LivePartition): boolean =>
    heads[name] !== undefined && heads[name].token === token && usable(heads[name].batchId);
  const changed = looked.filter((partition) => full || !stands(partition));
  return {
    changed: changed.map((partition) => ({ ...partition, batchId: pulledBatchId(input, partition) })),
    unchanged: looked.filter((partition) => !full && stands(partition)).map(({ name }) => name),
    missing: Object.keys(heads).filter((name) => !here.has(name) && expected(name)),
  };
}

/**
 * First 20 hex digits of SHA-256 over kind, table, partition, change token and columns: known before the pull, so that a batch
 * which landed before an interruption is found again.
 */
export function pulledBatchId(
  { kind, source, columns }: { kind: SourceKind; source: BigQueryTable; columns: TableField[] },
  { name, token }: Pick<LivePartition, 'name' | 'token'>,
): string {
  return digest([kind, tableId(source), name, token, JSON.stringify(columns)]);
}

export function digest(parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 20);
}
