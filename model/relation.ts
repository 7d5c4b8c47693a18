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
  sql: string;
}

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
  return {
    name: relationName(path),
    path,
    layer,
    grain: required(path, 'grain', single('grain')),
    key: parseKey(path, required(path, 'key', single('key'))),
    reconcilesWith: header
      .filter((line) => line.name === 'reconciles-with')
      .map((line) => parseReconciliation(path, line.value)),
    materialized: parseMaterialization(path, single('materialized')),
    sql: text.trim().replace(/;$/, ''),
  };
}

const HEADER_NAMES = ['grain', 'key', 'reconciles-with', 'materialized'];

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
  const columns = (list: string): string[] => parseKey(path, list).map((column) => column.name);
  return { relation: match[1]!, by: columns(match[2]!), on: columns(match[3]!) };
}

function parseMaterialization(path: string, value: string | undefined): Materialization {
  if (value === undefined) return 'table';
  if (value === 'view' || value === 'table' || value === 'compacted') return value;
  throw invalid(path, `"-- materialized: ${value}" is not view, table or compacted`);
}

function invalid(path: string, reason: string): WorthwhileError {
  return new WorthwhileError('MODEL_INVALID', reason, { on: path, fix: 'correct the header of the model file' });
}
