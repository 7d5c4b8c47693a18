import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlText } from '../core/duckdb.ts';
import { WorthwhileError } from '../core/errors.ts';
import type { SourceKind } from '../core/lake.ts';
import { compareWithSchema } from '../core/source-schemas/compare.ts';
import type { LandedColumn } from '../core/source-schemas/fit.ts';

/** A Parquet file of ours and the source file that a message should name. */
export interface ProbedFile {
  path: string;
  source: string;
}

/** Files whose columns are alike, so that one query can read them all. */
export interface SchemaGroup {
  columns: LandedColumn[];
  unknown: string[];
  files: ProbedFile[];
}

export interface Probe {
  groups: SchemaGroup[];
  refused: WorthwhileError[];
}

/**
 * Reads the footers of Parquet files and groups them by schema; each group's schema is compared with its kind's declaration.
 * Files that cannot be read, lack a required column or hold a column of another type are refused, each by name.
 */
export async function probeFiles(connection: DuckDBConnection, kind: SourceKind, files: ProbedFile[]): Promise<Probe> {
  const { readable, refused } = await splitReadable(connection, files);
  const groups: SchemaGroup[] = [];
  for (const members of await groupBySignature(connection, readable)) {
    const columns = await columnsOf(connection, members[0]!.path);
    const { missingRequired, wrongType, unknown } = compareWithSchema(kind, columns);
    if (missingRequired.length > 0) {
      refused.push(...members.map(({ source }) => missingColumns(kind, source, missingRequired)));
      continue;
    }
    const good: ProbedFile[] = [];
    for (const file of members) {
      const fault = await firstUsedColumn(connection, file.path, wrongType);
      if (fault) refused.push(wrongColumn(file.source, fault));
      else good.push(file);
    }
    if (good.length > 0) groups.push({ columns, unknown, files: good });
  }
  return { groups, refused };
}

/** Top-level columns of a Parquet file with DuckDB's type text. */
export async function columnsOf(connection: DuckDBConnection, path: string): Promise<LandedColumn[]> {
  const rows = await selectRows<{ column_name: string; column_type: string }>(
    connection,
    `DESCRIBE SELECT * FROM ${parquet([path])}`,
  );
  return rows.map(({ column_name: name, column_type: type }) => ({ name, type }));
}

/** `read_parquet` over exactly these files; a folder named `key=value` above them never becomes a column. */
export function parquet(paths: string[], options: string[] = []): string {
  const settings = ['hive_partitioning = false', ...options].join(', ');
  return `read_parquet([${paths.map(sqlText).join(', ')}], ${settings})`;
}

async function splitReadable(
  connection: DuckDBConnection,
  files: ProbedFile[],
): Promise<{ readable: ProbedFile[]; refused: WorthwhileError[] }> {
  if (files.length === 0 || (await footerFault(connection, files)) === null) return { readable: files, refused: [] };
  const readable: ProbedFile[] = [];
  const refused: WorthwhileError[] = [];
  for (const file of files) {
    const fault = await footerFault(connection, [file]);
    if (fault === null) readable.push(file);
    else refused.push(fault);
  }
  return { readable, refused };
}

async function footerFault(connection: DuckDBConnection, files: ProbedFile[]): Promise<WorthwhileError | null> {
  try {
    await connection.run(`SELECT count(*) FROM parquet_schema([${files.map(({ path }) => sqlText(path)).join(', ')}])`);
    return null;
  } catch (cause) {
    return new WorthwhileError('FILE_CORRUPT', 'the file is not a whole Parquet file', {
      on: files[0]!.source,
      fix: 'export or copy the file again; what was ingested before stays in use',
      cause,
    });
  }
}

async function groupBySignature(connection: DuckDBConnection, files: ProbedFile[]): Promise<ProbedFile[][]> {
  if (files.length === 0) return [];
  const rows = await selectRows<{ file_name: string; signature: string }>(
    connection,
    `SELECT file_name, md5(string_agg(concat_ws(':', name, type, num_children, converted_type, scale, precision,
         CAST(logical_type AS VARCHAR), repetition_type), '|')) AS signature
     FROM parquet_schema([${files.map(({ path }) => sqlText(path)).join(', ')}]) GROUP BY file_name`,
  );
  const signatureOf = new Map(rows.map((row) => [row.file_name, row.signature]));
  const groups = new Map<string, ProbedFile[]>();
  for (const file of files) {
    const signature = signatureOf.get(file.path)!;
    groups.set(signature, [...(groups.get(signature) ?? []), file]);
  }
  return [...groups.values()];
}

type TypeFault = ReturnType<typeof compareWithSchema>['wrongType'][number];

/** A column of the wrong type does no harm while it is null in every row, as writers without a schema leave it. */
async function firstUsedColumn(
  connection: DuckDBConnection,
  path: string,
  faults: TypeFault[],
): Promise<TypeFault | null> {
  for (const fault of faults) {
    const [row] = await selectRows<{ used: string }>(
      connection,
      `SELECT count(${fault.used}) AS used FROM ${parquet([path])}`,
    );
    if (Number(row!.used) > 0) return fault;
  }
  return null;
}

export function missingColumns(kind: SourceKind, source: string, columns: string[]): WorthwhileError {
  return new WorthwhileError(
    'SCHEMA_MISSING_COLUMN',
    `required column missing for kind ${kind}: ${columns.join(', ')}`,
    {
      on: source,
      fix: 'export the table with all its columns, or correct the `kind` of this source',
    },
  );
}

export function wrongColumn(source: string, { path, expected, found }: TypeFault): WorthwhileError {
  return new WorthwhileError('SCHEMA_WRONG_TYPE', `column ${path} is ${found}, expected ${expected}`, {
    on: source,
    fix: 'export the table with its own column types, or correct the `kind` of this source',
  });
}
