import { createHash } from 'node:crypto';
import { sqlText } from '../../core/duckdb.ts';
import type { LakeBatch, SourceKind } from '../../core/lake.ts';
import { duckdbType } from '../../core/source-schemas/column.ts';
import { canonicalSelect } from '../../core/source-schemas/projection.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';

/** The relation through which staging reads a kind's rows; Google's two usage exports have the same canonical columns. */
export const RAW_RELATION: Readonly<Record<SourceKind, string>> = {
  'gcp-billing-detailed': 'raw_gcp_billing',
  'gcp-billing-standard': 'raw_gcp_billing',
  'gcp-focus': 'raw_gcp_focus',
  focus: 'raw_focus',
};

/**
 * What staging reads, as DuckDB declares it: per kind its canonical columns with `x_BatchNumber`, which `raw_batches`
 * turns into source and batch after the rows are summed.
 */
export const rawTables: Readonly<Record<string, string>> = {
  raw_batches: 'x_BatchNumber INTEGER, x_SourceName VARCHAR, x_BatchId VARCHAR',
  ...Object.fromEntries(
    Object.entries(RAW_RELATION).map(([kind, relation]) => [
      relation,
      [
        'x_BatchNumber INTEGER',
        ...sourceSchema(kind as SourceKind).columns.map((column) => `"${column.name}" ${duckdbType(column.type)}`),
      ].join(', '),
    ]),
  ),
};

/** SQL that reads the rows of some batches of one raw relation; a batch's number is its place in the list. */
export function rawRowsSql(batches: LakeBatch[]): string {
  const bySignature = new Map<string, { batch: LakeBatch; number: number }[]>();
  for (const [number, batch] of batches.entries()) {
    if (batch.files.length === 0) continue;
    const signature = JSON.stringify([batch.manifest.kind, batch.manifest.columns]);
    bySignature.set(signature, [...(bySignature.get(signature) ?? []), { batch, number }]);
  }
  return [...bySignature.values()].map(readSameColumns).join('\nUNION ALL\n');
}

/** Files with the same columns are read together: `file_index` counts them, and a constant list turns it into a batch. */
function readSameColumns(group: { batch: LakeBatch; number: number }[]): string {
  const files = group.flatMap(({ batch }) => batch.files);
  const numberOfFile = group.flatMap(({ batch, number }) => batch.files.map(() => number));
  const { kind, columns } = group[0]!.batch.manifest;
  return `SELECT [${numberOfFile.join(',')}][file_index::BIGINT + 1]::INTEGER AS x_BatchNumber,
  ${canonicalSelect(kind, columns)}
FROM read_parquet([${files.map(sqlText).join(', ')}], hive_partitioning = false)`;
}

/** What of a batch, besides its bytes, decides how its rows are read: the projection's own text. */
export function projectionHash(batch: LakeBatch): string {
  const { kind, columns } = batch.manifest;
  return createHash('sha256').update(canonicalSelect(kind, columns)).digest('hex').slice(0, 12);
}
