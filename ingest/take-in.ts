import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Effects } from '../core/effects.ts';
import { WorthwhileError } from '../core/errors.ts';
import type { SourceHeads, SourceKind } from '../core/lake.ts';
import type { Config, SourceConfig } from '../core/config/schema.ts';
import { stageFile, type StagedFile } from './files/stage.ts';
import type { SourceFile } from './files/source-file.ts';
import { textToParquet } from './files/text-to-parquet.ts';
import type { MeasuredFile } from './lake.ts';
import { measureGroup } from './measure.ts';
import type { KnownFile } from './plan.ts';
import { probeFiles } from './probe.ts';
import { joinErrors } from './system-errors.ts';

export interface TakeIn {
  config: Config;
  source: SourceConfig;
  kind: SourceKind;
  heads: SourceHeads | null;
  files: SourceFile[];
  staging: string;
  database: () => Promise<DuckDBConnection>;
}

export interface TakenIn {
  known: KnownFile[];
  /** By source path: files that have to land, as Parquet in the staging folder. */
  measured: Map<string, MeasuredFile>;
}

const CHUNK_FILES = 64;
const CHUNK_BYTES = 192 * 1024 * 1024;
const COPIES_AT_ONCE = 4;

/**
 * Stages, converts, probes and measures files; while DuckDB works on one chunk the next is copied and hashed.
 * All refused files are named in one error; nothing has become visible by then.
 */
export async function takeIn(run: TakeIn, effects: Effects): Promise<TakenIn> {
  const taken: TakenIn = { known: [], measured: new Map() };
  const refused: WorthwhileError[] = [];
  const warnings: string[] = [];
  const unknown = new Map<string, string>();
  const chunks = chunksOf(run.files);
  let examining: Promise<void> = Promise.resolve();
  let done = 0;
  try {
    for (const [index, chunk] of chunks.entries()) {
      const copied = await stageChunk(run, chunk, index, refused);
      await examining;
      const { settled, changed } = splitByHeads(run, chunk, copied);
      taken.known.push(...settled);
      examining = examine(run, changed, { taken, refused, unknown, warnings });
      done += chunk.length;
      const detail = `${done} of ${run.files.length} files`;
      effects.progress({ step: `ingest ${run.source.name}`, fraction: done / run.files.length, detail });
      examining.catch(() => {}); // awaited below; a failure meanwhile must not count as unhandled
    }
  } finally {
    await examining;
  }
  if (unknown.size > 0) warnings.push(unknownColumns(unknown));
  for (const warning of warnings) effects.warn(`source "${run.source.name}": ${warning}`);
  if (refused.length > 0) throw joinErrors(refused, `source "${run.source.name}"`);
  return taken;
}

function unknownColumns(unknown: Map<string, string>): string {
  const listed = [...unknown].map(([column, file]) => `${column} (${basename(file)})`).join(', ');
  return `columns its kind does not know, kept but not read: ${listed}`;
}

/** Whole partitions together, so that a partition is judged once all of its files are known. */
function chunksOf(files: SourceFile[]): SourceFile[][] {
  const byPartition = new Map<string, SourceFile[]>();
  for (const file of files) {
    const members = byPartition.get(file.partition);
    if (members) members.push(file);
    else byPartition.set(file.partition, [file]);
  }
  const chunks: SourceFile[][] = [];
  let bytes = 0;
  for (const members of byPartition.values()) {
    const last = chunks.at(-1);
    if (last && last.length < CHUNK_FILES && bytes < CHUNK_BYTES) last.push(...members);
    else {
      chunks.push([...members]);
      bytes = 0;
    }
    bytes += members.reduce((sum, file) => sum + file.size, 0);
  }
  return chunks;
}

async function stageChunk(
  run: TakeIn,
  chunk: SourceFile[],
  index: number,
  refused: WorthwhileError[],
): Promise<StagedFile[]> {
  const staged: (StagedFile | undefined)[] = [];
  const exactNumbers = run.kind === 'focus' || run.kind === 'gcp-focus';
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < chunk.length; at = next++) {
      const file = chunk[at]!;
      try {
        staged[at] = await stageFile(file, join(run.staging, `${index}-${at}.${file.format}`), exactNumbers);
      } catch (error) {
        if (!(error instanceof WorthwhileError) || error.code === 'DISK_FULL') throw error;
        refused.push(error);
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: COPIES_AT_ONCE }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return staged.filter((file) => file !== undefined);
}

/** Partitions whose bytes are those of their head need no second look; their copies are dropped at once. */
function splitByHeads(
  run: TakeIn,
  chunk: SourceFile[],
  staged: StagedFile[],
): { settled: KnownFile[]; changed: StagedFile[] } {
  const digests = new Map<string, string[]>();
  for (const { file, sourceSha256 } of staged) {
    digests.set(file.partition, [...(digests.get(file.partition) ?? []), sourceSha256]);
  }
  const same = new Set(
    [...digests].flatMap(([partition, found]) => {
      const head = run.heads?.partitions[partition]?.files.map((file) => file.sha256);
      const whole = chunk.filter((file) => file.partition === partition).length === found.length;
      return head && whole && head.sort().join() === found.sort().join() ? [partition] : [];
    }),
  );
  const settled = staged.filter(({ file }) => same.has(file.partition));
  for (const { path } of settled) rmSync(path, { force: true });
  return {
    settled: settled.map(({ file, sourceSha256 }) => ({ ...file, sha256: sourceSha256, rows: null })),
    changed: staged.filter(({ file }) => !same.has(file.partition)),
  };
}

interface Findings {
  taken: TakenIn;
  refused: WorthwhileError[];
  /** Columns that the kind does not know, with the first file that has each. */
  unknown: Map<string, string>;
  warnings: string[];
}

async function examine(
  run: TakeIn,
  staged: StagedFile[],
  { taken, refused, unknown, warnings }: Findings,
): Promise<void> {
  if (staged.length === 0) return;
  const connection = await run.database();
  const asParquet: StagedFile[] = [];
  for (const file of staged) {
    try {
      const { parquet, overlongAmounts } = await textToParquet(connection, run.kind, file);
      asParquet.push(parquet);
      if (overlongAmounts > 0)
        warnings.push(
          `${file.file.path}: ${overlongAmounts} amounts have more than 18 decimal places; rounded to the 18th`,
        );
    } catch (error) {
      if (!(error instanceof WorthwhileError) || error.code === 'DISK_FULL') throw error;
      refused.push(error);
    }
  }
  const byPath = new Map(asParquet.map((file) => [file.path, file]));
  const files = asParquet.map(({ path, file }) => ({ path, source: file.path }));
  const probe = await probeFiles(connection, run.kind, files);
  refused.push(...probe.refused);
  for (const group of probe.groups) {
    for (const column of group.unknown) if (!unknown.has(column)) unknown.set(column, group.files[0]!.source);
    const dayZone = run.kind === 'focus' ? 'UTC' : run.config.timezone;
    const measured = await measureGroup(connection, run.kind, group, dayZone);
    refused.push(...measured.refused);
    for (const [path, measure] of measured.measures) {
      const file = byPath.get(path)!;
      const { sourceSha256, sha256, bytes } = file;
      const facts = { source: file.file.path, sourceSha256, path, sha256, bytes };
      taken.measured.set(file.file.path, { ...facts, measure, columns: group.columns });
      taken.known.push({ ...file.file, sha256: file.sourceSha256, rows: measure.rows });
    }
  }
}
