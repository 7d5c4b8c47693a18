import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlName, sqlText } from '../../core/duckdb.ts';
import { timeFromText, type ColumnType, type ScalarType } from '../../core/source-schemas/column.ts';

/** A text file as DuckDB reads it: every leaf is text, and `sql` gives each column its landed type or fails. */
export interface TextRelation {
  from: string;
  columns: TextColumn[];
}

export interface TextColumn {
  name: string;
  /** What it lands as, in words for a message. */
  type: string;
  sql: string;
  /** SQL of the text before it is read; null where there is none. */
  raw: string;
}

/** The type a text value lands with. A FLOAT column of Google's export stays one, so that text and Parquet give the same sums. */
function landedType(type: ScalarType): string {
  if (type === 'FLOAT_MONEY') return 'DOUBLE';
  return type === 'JSON' ? 'VARCHAR' : type;
}

/** A type with text at every leaf, as DuckDB's JSON reader is told to read it. */
export function textShape(type: ColumnType): string {
  if (typeof type === 'string') return 'VARCHAR';
  if ('list' in type) return `${textShape(type.list)}[]`;
  return `STRUCT(${Object.entries(type.struct)
    .map(([name, field]) => `${sqlName(name)} ${textShape(field)}`)
    .join(', ')})`;
}

/**
 * SQL that reads `expression`, whose leaves are text, as the declared type; an unreadable value fails the query. A record that
 * is null becomes one whose fields are null: DuckDB's TRY, which finds the failing row, does not reach into a CASE.
 */
export function typedFromText(expression: string, type: ColumnType): string {
  if (typeof type === 'string') return scalarFromText(expression, type);
  if ('list' in type) return `list_transform(${expression}, lambda entry: ${typedFromText('entry', type.list)})`;
  const fields = Object.entries(type.struct).map(
    ([name, field]) => `${sqlName(name)} := ${typedFromText(`struct_extract(${expression}, ${sqlText(name)})`, field)}`,
  );
  return `struct_pack(${fields.join(', ')})`;
}

/** As {@link typedFromText}, where records and lists are themselves JSON text. JSON of another kind fails the query. */
export function typedFromJsonText(text: string, type: ColumnType): string {
  if (typeof type === 'string') return scalarFromText(text, type);
  const record = 'MAP(VARCHAR, VARCHAR)';
  if (!('list' in type)) return recordFromMap(`CAST(CAST(${text} AS JSON) AS ${record})`, type.struct);
  if (typeof type.list === 'object' && 'struct' in type.list) {
    const entries = `CAST(CAST(${text} AS JSON) AS ${record}[])`;
    return `list_transform(${entries}, lambda entry: ${recordFromMap('entry', type.list.struct)})`;
  }
  const texts = `CAST(CAST(${text} AS JSON) AS VARCHAR[])`;
  return `list_transform(${texts}, lambda entry: ${typedFromJsonText('entry', type.list)})`;
}

function recordFromMap(map: string, fields: Record<string, ColumnType>): string {
  const values = Object.entries(fields).map(
    ([name, type]) => `${sqlName(name)} := ${typedFromJsonText(`${map}[${sqlText(name)}]`, type)}`,
  );
  return `struct_pack(${values.join(', ')})`;
}

function scalarFromText(expression: string, type: ScalarType): string {
  if (type === 'VARCHAR' || type === 'JSON') return expression;
  const text = `nullif(trim(${expression}), '')`;
  if (type === 'TIMESTAMPTZ') return timeFromText(text);
  if (landedType(type) !== 'DOUBLE') return `CAST(${text} AS ${landedType(type)})`;
  return `CAST(regexp_replace(${text}, '(?i)^[+-]?(nan|inf|infinity)$', 'not a finite number') AS DOUBLE)`;
}

/**
 * How many values of the amounts with 18 decimal places carry more than those; they are rounded to the 18th when they are read
 * (some providers print a double's 20 and more places).
 */
export async function countOverlongAmounts(
  connection: DuckDBConnection,
  { from, columns }: TextRelation,
): Promise<number> {
  const amounts = columns.filter(({ type }) => type === 'DECIMAL(38,18)');
  if (amounts.length === 0) return 0;
  const overlong = amounts.map(
    ({ raw }) => `count(*) FILTER (WHERE regexp_matches(${raw}, '\\.[0-9]{18}[0-9]*[1-9]'))`,
  );
  const [row] = await selectRows<{ count: string }>(connection, `SELECT ${overlong.join(' + ')} AS count FROM ${from}`);
  return Number(row!.count);
}

/** The first row and column whose text cannot be read as its type; null where all can. Rows count from 1, without a header. */
export async function firstUnreadableValue(
  connection: DuckDBConnection,
  { from, columns }: TextRelation,
): Promise<{ row: string; column: string; type: string; value: string } | null> {
  const checked = columns.filter(({ sql, raw }) => sql !== raw);
  if (checked.length === 0) return null;
  const cases = checked.map(({ sql, raw }, index) => `WHEN TRY(${sql}) IS NULL AND ${raw} IS NOT NULL THEN ${index}`);
  try {
    const [found] = await selectRows<{ row: string; fault: number; value: string }>(
      connection,
      `SELECT x_row AS row, x_fault AS fault, [${checked.map(({ raw }) => `CAST(${raw} AS VARCHAR)`).join(', ')}][x_fault + 1] AS value
       FROM (SELECT *, row_number() OVER () AS x_row, CASE ${cases.join(' ')} END AS x_fault FROM ${from})
       WHERE x_fault IS NOT NULL ORDER BY x_row LIMIT 1`,
    );
    if (!found) return null;
    const { name, type } = checked[Number(found.fault)]!;
    return { row: String(found.row), column: name, type, value: found.value };
  } catch {
    return null; // the rows themselves cannot be read; the caller reports the syntax error it has
  }
}
