import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName, sqlText } from '../../core/duckdb.ts';
import type { LakeBatch } from '../../core/lake.ts';
import type { Relation } from '../relation.ts';
import type { PlacedBatch, WantedBatch } from './plan.ts';
import { rawRowsSql } from './raw.ts';
import { chargesFile, labelSetsFile, writeSegment, type Segment, type SegmentBatch } from './segments.ts';
import { tieOut } from './tie-out.ts';

export interface LandedBatch extends WantedBatch {
  landed: LakeBatch;
}

/** The type of a label set. */
export const LABEL_SET = 'STRUCT(scope VARCHAR, "key" VARCHAR, "value" VARCHAR, namespace VARCHAR)[]';

const PARQUET = '(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880)';

/** Runs a staging file over the raw rows of some batches and keeps its answer as one segment. */
export async function compactBatches(
  connection: DuckDBConnection,
  target: { relation: Relation; rawRelation: string; folder: string },
  batches: LandedBatch[],
): Promise<Segment> {
  await connection.run(
    `CREATE OR REPLACE TEMP VIEW ${sqlName(target.rawRelation)} AS ${rawRowsSql(batches.map(({ landed }) => landed))}`,
  );
  await connection.run('DELETE FROM raw_batches');
  await connection.run(
    'INSERT INTO raw_batches SELECT unnest(from_json($1::VARCHAR, $2::VARCHAR), recursive := true)',
    [
      JSON.stringify(batches.map(({ source, batchId }, number) => ({ number, source, batchId }))),
      '[{"number": "INTEGER", "source": "VARCHAR", "batchId": "VARCHAR"}]',
    ],
  );
  const segment = await writeSegment(target.folder, segmentName(batches), async (folder) => {
    const path = join(folder, 'charges.parquet');
    const charges = `read_parquet(${fileList([path])})`;
    await connection.run(`COPY (${target.relation.sql}\n) TO ${sqlText(path)} ${PARQUET}`);
    await connection.run(
      `COPY (SELECT x_LabelSetId, any_value(x_LabelSet) AS x_LabelSet FROM ${charges} WHERE x_LabelSet IS NOT NULL GROUP BY 1)
       TO ${sqlText(join(folder, 'label-sets.parquet'))} ${PARQUET}`,
    );
    const compacted = await tieOut(
      connection,
      charges,
      batches.map(({ landed }) => landed),
    );
    return batches.map(({ batchId, source, projection }, index) => ({
      batchId,
      source,
      projection,
      ...compacted[index]!,
    }));
  });
  await connection.run(`DROP VIEW temp.${sqlName(target.rawRelation)}`);
  return segment;
}

/** Rewrites the current batches of several segments as one, from their Parquet alone. */
export async function mergeSegments(
  connection: DuckDBConnection,
  folder: string,
  places: PlacedBatch[],
): Promise<Segment> {
  const batches = places.map(({ batch }) => batch);
  const segments = [...new Set(places.map(({ segment }) => segment))];
  return writeSegment(folder, segmentName(batches), async (temporary) => {
    await connection.run(
      `COPY (SELECT *, CAST(NULL AS ${LABEL_SET}) AS x_LabelSet FROM (${currentCharges(places)})) TO ${sqlText(join(temporary, 'charges.parquet'))} ${PARQUET}`,
    );
    await connection.run(
      `COPY (
         SELECT x_LabelSetId, any_value(x_LabelSet) AS x_LabelSet FROM read_parquet(${fileList(segments.map(labelSetsFile))})
         WHERE x_LabelSetId IN (SELECT x_LabelSetId FROM read_parquet(${fileList([join(temporary, 'charges.parquet')])})) GROUP BY 1
       ) TO ${sqlText(join(temporary, 'label-sets.parquet'))} ${PARQUET}`,
    );
    return batches;
  });
}

/** SQL for the charges of the given batches where they lie; rows of superseded batches in the same files are left out. */
export function currentCharges(places: PlacedBatch[]): string {
  const bySegment = new Map<Segment, SegmentBatch[]>();
  for (const { segment, batch } of places) bySegment.set(segment, [...(bySegment.get(segment) ?? []), batch]);
  const whole: string[] = [];
  const partly: string[] = [];
  for (const [segment, batches] of bySegment) {
    if (batches.length === segment.batches.length) whole.push(chargesFile(segment));
    else {
      const wanted = batches.map(({ source, batchId }) => `(${sqlText(source)}, ${sqlText(batchId)})`).join(', ');
      partly.push(
        `SELECT * EXCLUDE (x_LabelSet) FROM read_parquet(${fileList([chargesFile(segment)])}) WHERE (x_SourceName, x_BatchId) IN (${wanted})`,
      );
    }
  }
  if (whole.length > 0) partly.unshift(`SELECT * EXCLUDE (x_LabelSet) FROM read_parquet(${fileList(whole)})`);
  return partly.join('\nUNION ALL\n');
}

export function fileList(files: string[]): string {
  return `[${files.map(sqlText).join(', ')}], hive_partitioning = false`;
}

function segmentName(batches: { source: string; batchId: string; projection: string }[]): string {
  const text = JSON.stringify(batches.map(({ source, batchId, projection }) => [source, batchId, projection]));
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
