import { createHash } from 'node:crypto';
import { sqlText } from '../../core/duckdb.ts';
import type { BillingKind, LakeBatch } from '../../core/lake.ts';
import { duckdbType } from '../../core/source-schemas/column.ts';
import { canonicalSelect } from '../../core/source-schemas/projection.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';

/** The relation through which staging reads a kind's charges; Google's two usage exports have the same canonical columns. */
export const RAW_RELATION: Readonly<Record<BillingKind, string>> = {
  'gcp-billing-detailed': 'raw_gcp_billing',
  'gcp-billing-standard': 'raw_gcp_billing',
  'gcp-focus': 'raw_gcp_focus',
  focus: 'raw_focus',
};

/**
 * What staging reads, as DuckDB declares it: per kind its canonical columns with `x_BatchNumber`, which `raw_batches`
 * turns into source and batch after the rows are summed, and the row's place (`x_FileNumber`, `x_FileRow`), by which a few
 * rows can be read again without reading the rest.
 */
export const rawTables: Readonly<Record<string, string>> = {
  raw_batches: 'x_BatchNumber INTEGER, x_SourceName VARCHAR, x_BatchId VARCHAR',
  ...Object.fromEntries(
    Object.entries(RAW_RELATION).map(([kind, relation]) => [
      relation,
      [
        'x_BatchNumber INTEGER, x_FileNumber UBIGINT, x_FileRow BIGINT',
        ...sourceSchema(kind as BillingKind).columns.map((column) => `"${column.name}" ${duckdbType(column.type)}`),
      ].join(', '),
    ]),
  ),
};

/** Batches of one signature have the same columns of the same kind, and are read by one scan. */
export function signature({ manifest }: LakeBatch): string {
  return JSON.stringify([manifest.kind, manifest.columns]);
}

/**
 * SQL that reads the rows of batches of one {@link signature}; a batch's number is its place in the list. Nothing stands
 * between `file_index`, `file_row_number` and the scan, so that a join with a few places opens only their files.
 */
export function rawRowsSql(batches: LakeBatch[]): string {
  const files = batches.flatMap((batch) => batch.files);
  const numberOfFile = batches.flatMap((batch, number) => batch.files.map(() => number));
  const { kind, columns } = batches[0]!.manifest;
  return `SELECT [${numberOfFile.join(',')}][file_index::BIGINT + 1]::INTEGER AS x_BatchNumber,
  file_index AS x_FileNumber, file_row_number AS x_FileRow,
  ${canonicalSelect(kind, columns)}
FROM read_parquet([${files.map(sqlText).join(', ')}], hive_partitioning = false)`;
}

/** What of a batch, besides its bytes, decides how its rows are read: the projection's own text. */
export function projectionHash(batch: LakeBatch): string {
  const { kind, columns } = batch.manifest;
  return createHash('sha256').update(canonicalSelect(kind, columns)).digest('hex').slice(0, 12);
}
