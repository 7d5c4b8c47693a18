import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName, sqlText } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { SourceKind } from '../../core/lake.ts';
import { duckdbType, type ColumnType, type SourceColumn } from '../../core/source-schemas/column.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';
import { headOf, parseCsvHeader } from './csv-header.ts';
import type { StagedFile } from './stage.ts';
import { typedFromJsonText, type TextColumn, type TextRelation } from './text-relation.ts';

const HEADER_BYTES = 1 << 20;

/**
 * CSV with a header line. Records are JSON text in one column (`project`) or dotted columns (`project.id`); repeated columns
 * are JSON text. Empty cells and the words `NULL` and `null` are null.
 */
export async function csvRelation(
  _connection: DuckDBConnection,
  kind: SourceKind,
  staged: StagedFile,
): Promise<TextRelation> {
  const { names, delimiter } = parseCsvHeader(headOf(staged.path, HEADER_BYTES));
  assertUsable(names, staged.file.path);
  const shapes = names.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ');
  const options = [
    `auto_detect = false, header = true, delim = ${sqlText(delimiter)}, quote = '"', escape = '"', strict_mode = true`,
    "null_padding = false, nullstr = ['', 'NULL', 'null'], max_line_size = 16777216",
    `columns = {${shapes}}`,
  ];
  return { from: `read_csv(${sqlText(staged.path)}, ${options.join(', ')})`, columns: columnsFrom(kind, names) };
}

function columnsFrom(kind: SourceKind, names: string[]): TextColumn[] {
  const byName = new Map(names.map((name) => [name.toLowerCase(), name]));
  const used = new Set<string>();
  const take = (path: string): string | null => {
    const name = byName.get(path.toLowerCase());
    if (name !== undefined) used.add(name);
    return name ?? null;
  };
  const known = sourceSchema(kind).columns.flatMap((column) => readColumn(column, take) ?? []);
  const rest = names
    .filter((name) => !used.has(name))
    .map((name) => ({ name, type: 'text', sql: sqlName(name), raw: sqlName(name) }));
  return [...known, ...rest];
}

function readColumn(column: SourceColumn, take: (path: string) => string | null): TextColumn | null {
  const read = readPath(column.name, column.type, take);
  return read && { name: column.name, type: duckdbType(column.type), ...read };
}

function readPath(
  path: string,
  type: ColumnType,
  take: (path: string) => string | null,
): { sql: string; raw: string } | null {
  const name = take(path);
  if (name !== null) {
    const raw = sqlName(name);
    return { raw, sql: typedFromJsonText(raw, type) };
  }
  if (typeof type === 'string' || 'list' in type) return null;
  const fields = Object.entries(type.struct).flatMap(([field, fieldType]) => {
    const read = readPath(`${path}.${field}`, fieldType, take);
    return read ? [{ field, ...read }] : [];
  });
  if (fields.length === 0) return null;
  return {
    sql: `struct_pack(${fields.map(({ field, sql }) => `${sqlName(field)} := ${sql}`).join(', ')})`,
    raw: `coalesce(${fields.map(({ raw }) => raw).join(', ')})`,
  };
}

function assertUsable(names: string[], path: string): void {
  const repeated = names.find(
    (name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== index,
  );
  if (names.length > 0 && repeated === undefined) return;
  throw new WorthwhileError(
    'FILE_CORRUPT',
    repeated === undefined ? 'the file has no header line' : `column "${repeated}" is there twice`,
    {
      on: path,
      fix: 'export the file again with one header line',
    },
  );
}
