import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlName } from '../core/duckdb.ts';
import { WorthwhileError } from '../core/errors.ts';
import type { SourceKind } from '../core/lake.ts';
import type { CanonicalColumn } from '../core/source-schemas/projection.ts';
import { parquet, type ProbedFile } from './probe.ts';
import { rowRules, valueColumns, type RowRule } from './sources/row-rules.ts';

/**
 * Why a file could not be measured: the first rule that some row of it breaks, with that row's number (from 1), or that its
 * rows cannot be read at all. `cause` is what its query failed with, null where it ran and counted faults.
 */
export async function explainFault(
  connection: DuckDBConnection,
  kind: SourceKind,
  columns: CanonicalColumn[],
  file: ProbedFile,
  cause: unknown,
): Promise<WorthwhileError> {
  for (const rule of [...rowRules(kind), ...valueColumns(kind).map(bookable)]) {
    const column = columns.find(({ name }) => name === rule.column)!;
    const { first, count } = await brokenRows(connection, rule, column, file);
    if (first !== null) {
      return new WorthwhileError(
        'VALUE_INVALID',
        `${rule.column} ${rule.says} in ${count} rows, first in row ${first}`,
        {
          on: `${file.source}, row ${first}`,
          fix: 'mend or export the file again; no row of it was taken in',
          cause,
        },
      );
    }
  }
  return new WorthwhileError('FILE_CORRUPT', `the file's rows cannot be read (${firstLine(cause)})`, {
    on: file.source,
    fix: 'export or copy the file again; what was ingested before stays in use',
    cause,
  });
}

function bookable(column: string): RowRule {
  return {
    column,
    says: 'cannot be read as a number or time that can be booked',
    faulty: `${sqlName(column)} IS NULL AND x_present`,
  };
}

async function brokenRows(
  connection: DuckDBConnection,
  { column: name, faulty }: RowRule,
  { sql, reading }: CanonicalColumn,
  file: ProbedFile,
): Promise<{ first: string | null; count: string }> {
  const present = `coalesce(CAST(${sqlName(name)} AS VARCHAR), 'NULL') NOT IN ('NULL', '')`;
  try {
    const [row] = await selectRows<{ first: string | null; count: string }>(
      connection,
      `SELECT min(file_row_number) + 1 AS first, count(*) AS count FROM (
         SELECT file_row_number, TRY(${sql}) AS ${sqlName(name)}, ${reading === 'absent' ? 'false' : present} AS x_present
         FROM ${parquet([file.path], ['file_row_number = true'])}) WHERE ${faulty}`,
    );
    return row!;
  } catch {
    return { first: null, count: '0' }; // this column cannot be decoded; the caller goes on to say what can be said
  }
}

function firstLine(cause: unknown): string {
  return cause instanceof Error ? cause.message.split('\n')[0]! : 'unknown reason';
}
