import { basename, dirname } from 'node:path';
import { WorthwhileError } from '../core/errors.ts';

export type Layer = 'staging' | 'intermediate' | 'marts';
/** `compacted`: staged once per batch into Parquet and read from there; `view`/`table`: made anew by every build. */
export type Materialization = 'view' | 'table' | 'compacted';

export interface Reconciliation {
  relation: string;
  by: string[];
  on: string[];
}

export interface KeyColumn {
  name: string;
  nullable: boolean;
}

/** One SQL file of the model: its header, parsed, and its single SELECT. */
export interface Relation {
  name: string;
  path: string;
  layer: Layer;
  grain: string;
  key: KeyColumn[];
  reconcilesWith: Reconciliation[];
  materialized: Materialization;
  /** The column by whose value a mart can be made anew in parts; null where it is made whole. See `months/phases.ts`. */
  partitionedBy: string | null;
  /** Columns by which a mart's rows lie together, so that a question about few of their values reads few rows. */
  clusteredBy: string[];
  sql: string;
}

/** The one column that marts are partitioned by. */
export const PARTITION_COLUMN = 'BillingPeriodStart';

/** The relation that a file defines is named by the file: `stg_charges.duckdb.sql` defines `stg_charges`. */
export function relationName(path: string): string {
  return basename(path).replace(/(\.duckdb)?\.sql$/, '');
}

/**
 * Parses one model file. The header is the run of `-- name: value` lines at its top; `grain` and `key` are required,
 * `reconciles-with` may repeat. Throws MODEL_INVALID naming the file.
 */
export function parseRelation(path: string, text: string): Relation {
  const header = headerLines(path, text);
  const layer = basename(dirname(path)) as Layer;
  const single = (name: string): string | undefined => {
    const values = header.filter((line) => line.name === name);
    if (values.length > 1) throw invalid(path, `header line "${name}" is there ${values.length} times`);
    return values[0]?.value;
  };
  const key = parseKey(path, required(path, 'key', single('key')));
  return {
    name: relationName(path),
    path,
    layer,
    grain: required(path, 'grain', single('grain')),
    key,
    reconcilesWith: header
      .filter((line) => line.name === 'reconciles-with')
      .map((line) => parseReconciliation(path, line.value)),
    materialized: parseMaterialization(path, single('materialized')),
    partitionedBy: parsePartition(path, layer, key, single('partitioned-by')),
    clusteredBy: columnNames(path, single('clustered-by')),
    sql: text.trim().replace(/;$/, ''),
  };
}

const HEADER_NAMES = ['grain', 'key', 'reconciles-with', 'materialized', 'partitioned-by', 'clustered-by'];

function headerLines(path: string, text: string): { name: string; value: string }[] {
  const lines: { name: string; value: string }[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('--')) break;
    const field = /^-- ([a-z-]+): *(.*?) *$/.exec(line);
    if (!field) continue;
    if (!HEADER_NAMES.includes(field[1]!)) {
      throw invalid(path, `header line "${field[1]}" is not known; known are ${HEADER_NAMES.join(', ')}`);
    }
    lines.push({ name: field[1]!, value: field[2]! });
  }
  return lines;
}

function required(path: string, name: string, value: string | undefined): string {
  if (!value) throw invalid(path, `header line "-- ${name}: ..." is missing`);
  return value;
}

function parseKey(path: string, value: string): KeyColumn[] {
  return value.split(',').map((part) => {
    const match = /^([A-Za-z_][A-Za-z0-9_]*)(\?)?$/.exec(part.trim());
    if (!match) throw invalid(path, `"${part.trim()}" in "-- key:" is not a column name`);
    return { name: match[1]!, nullable: match[2] === '?' };
  });
}

function parseReconciliation(path: string, value: string): Reconciliation {
  const match = /^([a-z_][a-z0-9_]*) by (.+) on (.+)$/.exec(value);
  if (!match)
    throw invalid(path, `"-- reconciles-with: ${value}" does not read "<relation> by <columns> on <columns>"`);
  return { relation: match[1]!, by: columnNames(path, match[2]), on: columnNames(path, match[3]) };
}

function columnNames(path: string, list: string | undefined): string[] {
  return list === undefined ? [] : parseKey(path, list).map((column) => column.name);
}

function parsePartition(path: string, layer: Layer, key: KeyColumn[], value: string | undefined): string | null {
  if (value === undefined) return null;
  if (layer !== 'marts' || value !== PARTITION_COLUMN)
    throw invalid(path, `"-- partitioned-by: ${value}": only marts are partitioned, by ${PARTITION_COLUMN}`);
  if (!key.some(({ name, nullable }) => name === value && !nullable))
    throw invalid(path, `the key has to hold ${value}, never null, for the mart to be partitioned by it`);
  return value;
}

function parseMaterialization(path: string, value: string | undefined): Materialization {
  if (value === undefined) return 'table';
  if (value === 'view' || value === 'table' || value === 'compacted') return value;
  throw invalid(path, `"-- materialized: ${value}" is not view, table or compacted`);
}

function invalid(path: string, reason: string): WorthwhileError {
  return new WorthwhileError('MODEL_INVALID', reason, { on: path, fix: 'correct the header of the model file' });
}
