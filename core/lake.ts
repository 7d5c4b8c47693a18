import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WorthwhileError } from './errors.ts';
import type { Workspace } from './workspace.ts';

/** The kinds whose rows are charges. */
export const BILLING_KINDS = ['gcp-billing-detailed', 'gcp-billing-standard', 'gcp-focus', 'focus'] as const;
export type BillingKind = (typeof BILLING_KINDS)[number];

/** The kinds that are lists of a day, of which the newest alone counts; no row of them is a charge. */
const SNAPSHOT_KINDS = ['gcp-pricing', 'gcp-recommendations'] as const;

/** What a source may hold. */
export const SOURCE_KINDS = [...BILLING_KINDS, ...SNAPSHOT_KINDS] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

export function isBillingKind(kind: SourceKind): kind is BillingKind {
  return (BILLING_KINDS as readonly SourceKind[]).includes(kind);
}

const dataFile = z.object({
  /** File name inside the batch folder. */
  name: z.string(),
  rows: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string(),
  /** The file at the source that it came from, and that file's own digest. */
  source: z.string(),
  sourceSha256: z.string(),
});

/**
 * What a landed batch says of itself (`lake/<source>/<batchId>/manifest.json`).
 * `sums` holds exact decimal strings by currency and column, each row cast before the sum; `columns` the landed Parquet's
 * top-level columns with DuckDB type names, in file order.
 */
export const batchManifest = z.object({
  version: z.literal(1),
  batchId: z.string(),
  source: z.string(),
  kind: z.enum(SOURCE_KINDS),
  partition: z.string(),
  rows: z.number().int(),
  sums: z.record(z.string(), z.record(z.string(), z.string())),
  sha256: z.string(),
  files: z.array(dataFile),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  exportTimeMax: z.string().nullable(),
  chargePeriodMin: z.string().nullable(),
  chargePeriodMax: z.string().nullable(),
  pulledAt: z.string(),
});
export type BatchManifest = z.infer<typeof batchManifest>;

const sourceFileStat = z.object({
  path: z.string(),
  size: z.number(),
  mtimeMs: z.number(),
  ctimeMs: z.number(),
  sha256: z.string(),
});

/** Which batch each partition of a source stands on now (`lake/<source>/heads.json`, replaced atomically). */
export const sourceHeads = z.object({
  version: z.literal(1),
  source: z.string(),
  kind: z.enum(SOURCE_KINDS),
  /** `project.dataset.table` that the rows are pulled from; absent where they come from files. */
  table: z.string().optional(),
  partitions: z.record(
    z.string(),
    z.object({
      batchId: z.string(),
      files: z.array(sourceFileStat),
      /** Of a partition pulled from a table: its newest export time and row count, as the source told them. */
      token: z.string().optional(),
      /** Set when the partition is no longer found at the source; its rows are kept. */
      missingSince: z.string().optional(),
    }),
  ),
});
export type SourceHeads = z.infer<typeof sourceHeads>;

/** A batch that the model reads: its manifest and the absolute paths of its Parquet files. */
export interface LakeBatch {
  manifest: BatchManifest;
  folder: string;
  files: string[];
}

/**
 * Of the batches of lists, those that may hold the newest: per source the one of the latest day that its partition is named after,
 * or where none is, of the latest time in its rows; and what is as young as that. A price list that is replaced in place (its
 * partition names no day) always counts: it may be of another billing account, and its rows tell their time and account.
 */
export function newestSnapshots(batches: LakeBatch[]): LakeBatch[] {
  const lists = batches.filter(({ manifest }) => manifest.rows > 0);
  const newest = new Map<string, string>();
  for (const batch of lists) {
    const { source } = batch.manifest;
    if (listDay(batch) > (newest.get(source) ?? '')) newest.set(source, listDay(batch));
  }
  return lists.filter((batch) => {
    const { kind, source, partition } = batch.manifest;
    const isReplacedInPlace = /^latest\b/.test(partition) || dayOfPartition(partition) === null;
    return listDay(batch) === (newest.get(source) ?? '') || (kind === 'gcp-pricing' && isReplacedInPlace);
  });
}

/** The day of a list; the rows of a price list say it themselves. */
function listDay({ manifest: { kind, partition, exportTimeMax } }: LakeBatch): string {
  const ofRows = exportTimeMax?.slice(0, 10);
  const ofName = dayOfPartition(partition);
  return (kind === 'gcp-pricing' ? (ofRows ?? ofName) : (ofName ?? ofRows)) ?? '';
}

/** The first day a partition's name speaks of (`2026-10-01` or `20261001`). */
export function dayOfPartition(partition: string): string | null {
  const found = /(?<!\d)(20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)/.exec(partition);
  return found ? `${found[1]}-${found[2]}-${found[3]}` : null;
}

/** The names of the sources that have landed anything, in order; also those that the configuration no longer names. */
export function sourcesInLake(workspace: Workspace): string[] {
  if (!existsSync(workspace.lake)) return [];
  return readdirSync(workspace.lake, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(workspace.lake, entry.name, 'heads.json')))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Every batch that the heads of these sources point to (of all in the lake where left out), ordered by source and partition.
 * Throws LAKE_CORRUPT naming the file.
 */
export function currentBatches(workspace: Workspace, sources?: string[]): LakeBatch[] {
  return sourcesInLake(workspace)
    .filter((source) => sources?.includes(source) ?? true)
    .flatMap((source) => batchesOfSource(workspace, source));
}

function batchesOfSource(workspace: Workspace, source: string): LakeBatch[] {
  const heads = readHeads(workspace, source);
  return Object.keys(heads?.partitions ?? {})
    .sort()
    .map((partition) => {
      const folder = join(workspace.lake, source, heads!.partitions[partition]!.batchId);
      const manifest = readJson(join(folder, 'manifest.json'), batchManifest);
      return { manifest, folder, files: manifest.files.map((file) => join(folder, file.name)) };
    });
}

/** The heads of one source, or null where it has never landed anything. */
export function readHeads(workspace: Workspace, source: string): SourceHeads | null {
  const path = join(workspace.lake, source, 'heads.json');
  return existsSync(path) ? readJson(path, sourceHeads) : null;
}

function readJson<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new WorthwhileError('LAKE_CORRUPT', 'a lake file cannot be read', {
      on: path,
      fix: 'delete the batch folder it is in and run `worthwhile ingest --full`; the batch is pulled again from its source',
      cause,
    });
  }
}
