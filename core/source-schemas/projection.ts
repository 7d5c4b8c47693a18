import { sqlName, sqlText } from '../duckdb.ts';
import type { SourceKind } from '../lake.ts';
import { duckdbType, timeFromText, type ColumnType, type ScalarType, type SourceColumn } from './column.ts';
import { parsePhysicalType, type PhysicalType } from './physical-type.ts';
import { sourceSchema } from './source-schemas.ts';

/** A column of a landed Parquet file: its name and DuckDB's text of its type, as `DESCRIBE` or a manifest has them. */
export interface LandedColumn {
  name: string;
  type: string;
}

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

/** What of a kind's declaration a file fails: paths such as `credits.amount`, with the type found. */
export interface SchemaFindings {
  missingRequired: string[];
  wrongType: TypeFault[];
  unknown: string[];
}

interface TypeFault {
  path: string;
  expected: string;
  found: string;
  /** SQL that is non-null in the rows that use the column; a file where none does may keep its odd type. */
  used: string;
}

/** Compares a file's columns with its kind's declaration; records and lists are compared field by field. */
export function compareWithSchema(kind: SourceKind, landed: LandedColumn[]): SchemaFindings {
  const byName = landedByName(landed);
  const findings: SchemaFindings = { missingRequired: [], wrongType: [], unknown: [] };
  const { columns, textValues = false } = sourceSchema(kind);
  for (const column of columns) {
    const found = byName.get(column.name.toLowerCase());
    byName.delete(column.name.toLowerCase());
    if (!found) {
      if (column.required) findings.missingRequired.push(column.name);
      continue;
    }
    for (const field of column.requiredFields ?? []) {
      if (!fieldOf(found.type, field)) findings.missingRequired.push(`${column.name}.${field}`);
    }
    if (textValues && isText(found.type) && typeof column.type === 'string') continue;
    findings.wrongType.push(...typeFaults(wholeColumn(column.name, found.name), found.type, column.type));
  }
  findings.unknown = [...byName.values()].map((column) => column.name);
  return findings;
}

function landedByName(landed: LandedColumn[]): Map<string, { name: string; type: PhysicalType }> {
  return new Map(landed.map(({ name, type }) => [name.toLowerCase(), { name, type: parsePhysicalType(type) }]));
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

function isText(type: PhysicalType): boolean {
  return 'scalar' in type && type.scalar === 'VARCHAR';
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

function convertScalar(expression: string, from: PhysicalType, to: ColumnType & string): string {
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
  return `CAST(${expression} AS ${target})`;
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

function wholeColumn(path: string, physicalName: string): Place {
  return { path, value: sqlName(physicalName), used: (value) => value };
}

/** A place in a row: SQL of the value there, and of what is non-null exactly when the row uses that place. */
interface Place {
  path: string;
  value: string;
  used: (value: string) => string;
}

function typeFaults(at: Place, from: PhysicalType, to: ColumnType): TypeFault[] {
  const fault = { path: at.path, expected: duckdbType(to), found: physicalText(from), used: at.used(at.value) };
  if ('scalar' in from && from.scalar === 'NULL') return [];
  if (typeof to === 'string') return fits(from, to) ? [] : [fault];
  if ('list' in to) {
    const wrapped = wrappedList(from);
    const list = wrapped?.type ?? from;
    if (!('list' in list)) return [fault];
    const entries = wrapped?.unwrap(at.value) ?? at.value;
    const used = (value: string): string =>
      at.used(`nullif(len(list_filter(${entries}, lambda entry: ${value} IS NOT NULL)), 0)`);
    return typeFaults({ path: at.path, value: 'entry', used }, list.list, to.list);
  }
  if (!('struct' in from)) return [fault];
  return Object.entries(to.struct).flatMap(([name, type]) => {
    const found = fieldOf(from, name);
    if (!found) return [];
    const value = `struct_extract(${at.value}, ${sqlText(found.name)})`;
    return typeFaults({ path: `${at.path}.${name}`, value, used: at.used }, found.type, type);
  });
}

/** The three-level list of BigQuery's older Parquet exports, which readers see as `STRUCT(list STRUCT(element …)[])`. */
function wrappedList(from: PhysicalType): { type: PhysicalType; unwrap: (expression: string) => string } | null {
  if (!('struct' in from) || from.struct.length !== 1) return null;
  const { name, type } = from.struct[0]!;
  if (!('list' in type) || !('struct' in type.list) || type.list.struct.length !== 1) return null;
  const element = type.list.struct[0]!;
  if (!/^(list|bag|array)$/i.test(name) || !/^(element|item|array_element)$/i.test(element.name)) return null;
  return {
    type: { list: element.type },
    unwrap: (expression) =>
      `list_transform(struct_extract(${expression}, ${sqlText(name)}), lambda wrapped: struct_extract(wrapped, ${sqlText(element.name)}))`,
  };
}

const INTEGERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/;
const isFloat = (scalar: string): boolean => scalar === 'DOUBLE' || scalar === 'FLOAT';

function fits(from: PhysicalType, to: ColumnType & string): boolean {
  if (!('scalar' in from)) return to === 'JSON';
  const { scalar } = from;
  if (scalar === 'NULL') return true;
  switch (to) {
    case 'VARCHAR':
      return (
        scalar === 'VARCHAR' ||
        scalar === 'UUID' ||
        scalar === 'JSON' ||
        scalar.startsWith('ENUM') ||
        INTEGERS.test(scalar)
      );
    case 'JSON':
      return scalar === 'VARCHAR' || scalar === 'JSON';
    case 'BOOLEAN':
      return scalar === 'BOOLEAN' || INTEGERS.test(scalar);
    case 'TIMESTAMPTZ':
      return scalar === 'DATE' || scalar.startsWith('TIMESTAMP');
    default:
      return isFloat(scalar) || scalar.startsWith('DECIMAL') || INTEGERS.test(scalar);
  }
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

function fieldOf(type: PhysicalType, name: string): { name: string; type: PhysicalType } | undefined {
  return 'struct' in type ? type.struct.find((field) => field.name.toLowerCase() === name.toLowerCase()) : undefined;
}

function physicalText(type: PhysicalType): string {
  if ('scalar' in type) return type.scalar;
  if ('list' in type) return `${physicalText(type.list)}[]`;
  if ('map' in type) return `MAP(${type.map.map(physicalText).join(', ')})`;
  return `STRUCT(${type.struct.map((field) => `${field.name} ${physicalText(field.type)}`).join(', ')})`;
}

const nullOf = (type: ColumnType): string => `CAST(NULL AS ${duckdbType(type)})`;
