import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SourceKind } from '../core/lake.ts';
import { canonicalSelect } from '../core/source-schemas/projection.ts';
import { writeParquet } from './files/write-parquet.ts';
import type { MeasuredFile } from './lake.ts';
import { columnsOf, parquet } from './probe.ts';

/**
 * The files of one batch with the same columns in each, as its manifest promises. Where they differ (a column that Google added
 * between two files of a day), all of them are rewritten to their kind's canonical columns; otherwise nothing is touched.
 */
export async function withSameColumns(
  connect: () => Promise<DuckDBConnection>,
  kind: SourceKind,
  files: MeasuredFile[],
): Promise<MeasuredFile[]> {
  if (new Set(files.map((file) => JSON.stringify(file.columns))).size === 1) return files;
  const connection = await connect();
  const rewritten: MeasuredFile[] = [];
  for (const file of files) {
    const select = `SELECT ${canonicalSelect(kind, file.columns)} FROM ${parquet([file.path])}`;
    const written = await writeParquet(connection, select, `${file.path}.canonical`);
    await rm(file.path, { force: true });
    rewritten.push({ ...file, ...written, columns: await columnsOf(connection, written.path) });
  }
  return rewritten;
}
