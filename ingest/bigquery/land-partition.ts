import { join } from 'node:path';
import { selectRows } from '../../core/duckdb.ts';
import type { Effects } from '../../core/effects.ts';
import type { SourceHeads } from '../../core/lake.ts';
import { landBatch, soundManifest, type MeasuredFile } from '../lake.ts';
import { parquet } from '../probe.ts';
import type { Looked } from './look.ts';
import { digest, pulledBatchId, type LivePartition } from './partitions.ts';
import type { PartitionPull } from './pull.ts';

/** A partition that stands in the lake as the table has it. */
export interface LandedPartition {
  partition: string;
  batchId: string;
  rows: number;
  token: string;
}

/**
 * Lands one partition. With `--full` a partition may have been pulled again under the same token: rows that are those of the
 * head's batch leave it as it is, others make a batch of their own.
 */
export async function landPartition(
  { run }: Looked,
  heads: SourceHeads | null,
  { pull, partition, files }: { pull: PartitionPull; partition: LivePartition; files: MeasuredFile[] },
  effects: Effects,
): Promise<LandedPartition> {
  const { workspace, source } = run;
  const { name, token } = partition;
  const head = heads?.partitions[name];
  const before = head && soundManifest(workspace, source.name, head.batchId);
  let batchId = pulledBatchId({ kind: source.kind, source: pull.source, columns: pull.columns }, partition);
  if (run.full && before) {
    const folder = join(workspace.lake, source.name, before.batchId);
    const then = await contentOf(
      pull,
      before.files.map((file) => join(folder, file.name)),
    );
    const now = await contentOf(
      pull,
      files.map(({ path }) => path),
    );
    if (then === now) return { partition: name, batchId: before.batchId, rows: before.rows, token };
    batchId = digest([batchId, now]);
  }
  const facts = { source: source.name, kind: source.kind, partition: name, batchId, files, pulledAt: effects.now() };
  effects.assertHeld?.();
  const { rows } = await landBatch(workspace, pull.staging, facts);
  return { partition: name, batchId, rows, token };
}

/** Rows and columns of Parquet files as one text, whatever the order of the rows. */
async function contentOf({ connection }: PartitionPull, paths: string[]): Promise<string> {
  const [row] = await selectRows<{ columns: string; rows: string; content: string }>(
    connection,
    `SELECT count(*) AS rows, CAST(coalesce(sum(CAST(hash(row_of) AS HUGEINT)), 0) AS VARCHAR) AS content
     FROM ${parquet(paths)} AS row_of`,
  );
  const columns = await selectRows(connection, `DESCRIBE SELECT * FROM ${parquet(paths)}`);
  return digest([JSON.stringify(columns), row!.rows, row!.content]);
}
