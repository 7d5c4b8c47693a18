import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { SourceKind } from '../../core/lake.ts';
import { explainSystemError } from '../system-errors.ts';
import { csvRelation } from './csv-relation.ts';
import { jsonRelation } from './json-relation.ts';
import type { StagedFile } from './stage.ts';
import { countOverlongAmounts, firstUnreadableValue, type TextRelation } from './text-relation.ts';
import { writeParquet } from './write-parquet.ts';

/**
 * Rewrites a staged CSV or JSON file as Parquet with its kind's declared column types; columns that the kind does not know are
 * kept as text. Row order is kept, duplicate rows stay. A Parquet file passes as it is.
 * Throws VALUE_INVALID (a value that is not of its column's type; file and row), FILE_CORRUPT (broken syntax) or DISK_FULL.
 */
export async function textToParquet(
  connection: DuckDBConnection,
  kind: SourceKind,
  staged: StagedFile,
): Promise<{ parquet: StagedFile; overlongAmounts: number }> {
  if (staged.file.format === 'parquet') return { parquet: staged, overlongAmounts: 0 };
  const target = `${staged.path}.parquet`;
  const source = staged.file.path;
  let relation: TextRelation | null = null;
  let overlongAmounts = 0;
  let written: Awaited<ReturnType<typeof writeParquet>>;
  try {
    relation = await (staged.file.format === 'csv' ? csvRelation : jsonRelation)(connection, kind, staged);
    const columns = relation.columns.map(({ name, sql }) => `${sql} AS ${sqlName(name)}`).join(', ');
    written = await writeParquet(connection, `SELECT ${columns} FROM ${relation.from}`, target);
    overlongAmounts = await countOverlongAmounts(connection, relation);
  } catch (cause) {
    await rm(target, { force: true });
    const fault = relation && (await firstUnreadableValue(connection, relation));
    throw explainSystemError(cause, source, () =>
      fault ? unreadableValue(source, fault, cause) : brokenText(source, cause),
    );
  }
  await rm(staged.path, { force: true });
  return { parquet: { ...staged, ...written }, overlongAmounts };
}

function unreadableValue(
  source: string,
  { row, column, type, value }: { row: string; column: string; type: string; value: string },
  cause: unknown,
): WorthwhileError {
  return new WorthwhileError('VALUE_INVALID', `${column} is not a ${type}: ${value.slice(0, 80)}`, {
    on: `${source}, row ${row}`,
    fix: 'mend or export the file again; no row of it was taken in',
    cause,
  });
}

function brokenText(source: string, cause: unknown): WorthwhileError {
  const message = cause instanceof Error ? cause.message.split('\n').slice(0, 2).join(' ') : String(cause);
  return new WorthwhileError('FILE_CORRUPT', `the file is broken or cut short (${message.trim()})`, {
    on: source,
    fix: 'export or copy the file again; what was ingested before stays in use',
    cause,
  });
}
