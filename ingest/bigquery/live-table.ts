import type { BigQueryTable } from '../../core/config/schema.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { SourceKind } from '../../core/lake.ts';
import { compareWithSchema } from '../../core/source-schemas/compare.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';
import type { ColumnType } from '../../core/source-schemas/column.ts';
import { missingColumns, wrongColumn } from '../probe.ts';
import type { BigQueryApi } from './client.ts';
import { landedColumns, typeName, type TableField } from './field.ts';
import { withRetries, type RetryPolicy } from './retry.ts';
import { INGESTION_TIME, type TableKind } from './tables.ts';

/** What BigQuery says of a table (`tables.get`). */
export interface TableMetadata {
  type?: string;
  location?: string;
  numRows?: string;
  numBytes?: string;
  schema?: { fields?: TableField[] };
  timePartitioning?: { type?: string; field?: string };
  rangePartitioning?: unknown;
}

/** `project.dataset.table`, as messages and manifests name it. */
export const tableId = ({ project, dataset, table }: BigQueryTable): string => `${project}.${dataset}.${table}`;

/** The table as SQL names it. */
export const tableSql = (table: BigQueryTable): string => `\`${tableId(table).replaceAll('`', '')}\``;

export async function tableMetadata(
  api: BigQueryApi,
  { project, dataset, table }: BigQueryTable,
  retries: RetryPolicy,
): Promise<TableMetadata> {
  const path = `datasets/${encodeURIComponent(dataset)}/tables/${encodeURIComponent(table)}`;
  return withRetries(retries, () => api<TableMetadata>({ method: 'GET', project, path }));
}

/** The columns to select, in the table's order, and those that the kind does not know. */
export interface LiveSchema {
  selected: TableField[];
  /** Top-level columns and, dotted, fields of records that the kind's declaration lacks. */
  unknown: string[];
}

/**
 * Holds a live table's schema against its kind: what is new is left out and told, what is optional may be absent, and a
 * required column that is absent, or any column of another type, refuses the table by name.
 */
export function compareLiveSchema(kind: SourceKind, table: TableKind, live: TableField[], on: string): LiveSchema {
  const declared = new Map(sourceSchema(kind).columns.map((column) => [column.name.toLowerCase(), column]));
  const known = live.filter(({ name }) => declared.has(name.toLowerCase()));
  const { missingRequired, wrongType } = compareWithSchema(kind, landedColumns(known));
  const needed = [table.exportTime, table.partition].filter((name) => name !== INGESTION_TIME);
  const names = new Set(live.map(({ name }) => name.toLowerCase()));
  const missing = [...new Set([...missingRequired, ...needed.filter((name) => !names.has(name.toLowerCase()))])];
  if (missing.length > 0) throw missingColumns(kind, on, missing);
  if (wrongType.length > 0) throw wrongColumn(on, wrongType[0]!);
  for (const name of needed) {
    const field = live.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())!;
    if (typeName(field) !== 'TIMESTAMP') {
      throw wrongColumn(on, { path: name, expected: 'TIMESTAMP', found: field.type, used: '' });
    }
  }
  const unknown = live
    .map(({ name }) => name)
    .filter((name) => !declared.has(name.toLowerCase()) && name !== INGESTION_TIME);
  const nested = known.flatMap((field) =>
    unknownFields(field, declared.get(field.name.toLowerCase())!.type, field.name),
  );
  return { selected: known, unknown: [...unknown, ...nested] };
}

function unknownFields(field: TableField, type: ColumnType, path: string): string[] {
  if (typeof type === 'string') return [];
  const record = 'list' in type ? type.list : type;
  if (typeof record === 'string' || !('struct' in record)) return [];
  const declared = new Map(Object.entries(record.struct).map(([name, inner]) => [name.toLowerCase(), inner]));
  return (field.fields ?? []).flatMap((child) => {
    const inner = declared.get(child.name.toLowerCase());
    return inner ? unknownFields(child, inner, `${path}.${child.name}`) : [`${path}.${child.name}`];
  });
}

/** Throws where a table that must be partitioned by the day of ingestion is not. */
export function assertPartitioned(table: TableKind, { timePartitioning, type }: TableMetadata, on: string): void {
  if (!table.ingestionDays) return;
  const { type: unit, field } = timePartitioning ?? {};
  if (unit?.toUpperCase() === 'DAY' && !field) return;
  const found = !timePartitioning
    ? `is ${type === 'VIEW' ? 'a view' : 'not partitioned'}`
    : field
      ? `is partitioned by its column ${field}`
      : `is partitioned by ${unit?.toLowerCase()}`;
  throw new WorthwhileError(
    'SOURCE_NOT_FOUND',
    `the table ${found}; the export of this kind is partitioned by the day of ingestion`,
    {
      on,
      fix: 'name the table that Google Cloud Billing writes itself, not a copy or view of it, and the right `kind`',
    },
  );
}

/** Whether a filter on the kind's partition value leaves the other partitions unread. */
export function prunes(table: TableKind, { timePartitioning }: TableMetadata): boolean {
  return table.ingestionDays || timePartitioning?.field?.toLowerCase() === table.partition.toLowerCase();
}
