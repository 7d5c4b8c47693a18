import { sqlName, sqlText } from '../duckdb.ts';
import type { SourceKind } from '../lake.ts';
import { duckdbType, timeFromText, type ColumnType, type ScalarType, type SourceColumn } from './column.ts';
import { fieldOf, fits, isFloat, isText, landedByName, wrappedList, type LandedColumn } from './fit.ts';
import type { PhysicalType } from './physical-type.ts';
import { sourceSchema } from './source-schemas.ts';

/** How one canonical column is read from a file: `sql` over the file's own columns, and whether that is more than its name. */
export interface CanonicalColumn {
  name: string;
  sql: string;
  reading: 'as is' | 'converted' | 'absent';
}

/**
 * The canonical columns of a kind, in declared order and type, over a file's own columns. What the file lacks, at any depth,
 * is null; what it has besides is left out. A declared column of another type is read as null: ingest refuses such a file
 * unless the column is empty throughout.
 */
export function canonicalColumns(kind: SourceKind, landed: LandedColumn[]): CanonicalColumn[] {
  const byName = landedByName(landed);
  const { columns, textValues = false } = sourceSchema(kind);
  const own = columns.map((column) => ({ ...column, ...readColumn(column, byName, textValues) }));
  return own.map(({ name, sql, reading, fallback = [] }) => {
    const others = fallback
      .map((other) => own.find((column) => column.name === other))
      .filter((other) => other !== undefined && other.reading !== 'absent');
    if (others.length === 0) return { name, sql, reading };
    return { name, sql: `coalesce(${[sql, ...others.map((other) => other!.sql)].join(', ')})`, reading: 'converted' };
  });
}

/** {@link canonicalColumns} as a select list. */
export function canonicalSelect(kind: SourceKind, landed: LandedColumn[]): string {
  return canonicalColumns(kind, landed)
    .map(({ name, sql }) => `${sql} AS ${sqlName(name)}`)
    .join(',\n  ');
}

function readColumn(
  column: SourceColumn,
  byName: Map<string, { name: string; type: PhysicalType }>,
  textValues: boolean,
): { sql: string; reading: CanonicalColumn['reading'] } {
  const found = byName.get(column.name.toLowerCase());
  if (found && textValues && isText(found.type) && typeof column.type === 'string') {
    return { sql: fromText(sqlName(found.name), column.type), reading: 'converted' };
  }
  const sql = found ? convert(sqlName(found.name), found.type, column.type) : nullOf(column.type);
  if (sql === nullOf(column.type)) return { sql, reading: 'absent' };
  return { sql, reading: sql === sqlName(found!.name) ? 'as is' : 'converted' };
}

function fromText(expression: string, to: ScalarType): string {
  const text = `nullif(nullif(${expression}, 'NULL'), '')`;
  if (duckdbType(to) === 'VARCHAR') return text;
  return to === 'TIMESTAMPTZ' ? timeFromText(text) : `CAST(${text} AS ${duckdbType(to)})`;
}

/** SQL that reads `expression` of the physical type as the canonical type. */
function convert(expression: string, from: PhysicalType, to: ColumnType): string {
  if (typeof to === 'string') return convertScalar(expression, from, to);
  if ('list' in to) {
    const wrapped = wrappedList(from);
    if (wrapped) return convert(wrapped.unwrap(expression), wrapped.type, to);
    if (!('list' in from)) return nullOf(to);
    if (sameType(from, to)) return expression;
    const element = convert('element', from.list, to.list);
    return `list_transform(${expression}, lambda element: ${element})`;
  }
  if (!('struct' in from)) return nullOf(to);
  if (sameType(from, to)) return expression;
  const fields = Object.entries(to.struct).map(([name, type]) => {
    const found = fieldOf(from, name);
    const value = found
      ? convert(`struct_extract(${expression}, ${sqlText(found.name)})`, found.type, type)
      : nullOf(type);
    return `${sqlName(name)} := ${value}`;
  });
  return `CASE WHEN ${expression} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`;
}

function convertScalar(expression: string, from: PhysicalType, to: ScalarType): string {
  const target = duckdbType(to);
  if (!fits(from, to)) return nullOf(to);
  if (!('scalar' in from)) return jsonText(expression, from);
  if (from.scalar === target) return expression;
  if (to === 'TIMESTAMPTZ') {
    return from.scalar === 'TIMESTAMP WITH TIME ZONE'
      ? expression
      : `CAST(${expression} AS TIMESTAMP) AT TIME ZONE 'UTC'`;
  }
  // A double is read by its shortest decimal text where the scale is wider than a double's own digits.
  if (to === 'DECIMAL(38,18)' && isFloat(from.scalar)) return `CAST(CAST(${expression} AS VARCHAR) AS ${target})`;
  // DuckDB scales a 32-bit float in 32 bits, which makes up digits of its own; as a double it is scaled exactly.
  const widened = from.scalar === 'FLOAT' ? `CAST(${expression} AS DOUBLE)` : expression;
  return to === 'FLOAT_MONEY' && isFloat(from.scalar) ? nearestNano(widened) : `CAST(${widened} AS ${target})`;
}

/**
 * A double as DECIMAL(38,9), rounded from its exact value as BigQuery's CAST(x AS NUMERIC) does. DuckDB's own cast multiplies by 10^9
 * in a double first (1.5.6), which is out by up to 10^-6 at 10^11; below 2^22 it is exact. Whole part and rest are exact each.
 */
function nearestNano(double: string): string {
  const whole = `CAST(CAST(trunc(${double}) AS HUGEINT) AS DECIMAL(38,9))`;
  const rest = `CAST(${double} - trunc(${double}) AS DECIMAL(38,9))`;
  return `CASE WHEN abs(${double}) < 4194304 THEN CAST(${double} AS DECIMAL(38,9)) ELSE ${whole} + ${rest} END`;
}

function jsonText(expression: string, from: PhysicalType): string {
  if (!('list' in from)) return `CAST(to_json(${expression}) AS VARCHAR)`;
  const key = fieldOf(from.list, 'key');
  const value = fieldOf(from.list, 'value');
  if (!key || !value) return `CAST(to_json(${expression}) AS VARCHAR)`;
  const pair = [key, value].map(
    (field) => `coalesce(CAST(to_json(struct_extract(pair, ${sqlText(field.name)})) AS VARCHAR), 'null')`,
  );
  const pairs = `list_transform(${expression}, lambda pair: ${pair.join(" || ':' || ")})`;
  return `'{' || array_to_string(${pairs}, ',') || '}'`;
}

function sameType(from: PhysicalType, to: ColumnType): boolean {
  if (typeof to === 'string')
    return 'scalar' in from && from.scalar === duckdbType(to).replace('TIMESTAMPTZ', 'TIMESTAMP WITH TIME ZONE');
  if ('list' in to) return 'list' in from && sameType(from.list, to.list);
  if (!('struct' in from)) return false;
  const fields = Object.entries(to.struct);
  return (
    from.struct.length === fields.length &&
    fields.every(([name, type], index) => from.struct[index]!.name === name && sameType(from.struct[index]!.type, type))
  );
}

const nullOf = (type: ColumnType): string => `CAST(NULL AS ${duckdbType(type)})`;
