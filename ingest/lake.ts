import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { areWhole, fsyncPath, writeFileAtomic } from '../core/atomic-file.ts';
import { checkedJson } from '../core/checked-json.ts';
import { batchManifest, type BatchManifest, type SourceHeads, type SourceKind } from '../core/lake.ts';
import type { LandedColumn } from '../core/source-schemas/fit.ts';
import type { Workspace } from '../core/workspace.ts';
import { addSums } from './exact-sum.ts';
import { earlier, later, type FileMeasure } from './measure.ts';

const TEMPORARY = '.tmp-';

/** An empty folder inside the lake, so that what is staged there can be renamed into place. */
export function openStagingFolder(workspace: Workspace, source: string): string {
  const folder = join(workspace.lake, `${TEMPORARY}${process.pid}-${source}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Removes what a killed run left half-landed. Safe under the workspace lock: only one run writes. */
export function removeLeftovers(workspace: Workspace): void {
  if (!existsSync(workspace.lake)) return;
  for (const name of readdirSync(workspace.lake)) {
    if (name.startsWith(TEMPORARY)) rmSync(join(workspace.lake, name), { recursive: true, force: true });
  }
}

/** A Parquet file in the staging folder that passed every check, with what was measured of it. */
export interface MeasuredFile {
  /** Where its rows came from: a file's path, or a table and partition. */
  source: string;
  /** Digest of the bytes at the source; of rows that were pulled, of what was written. */
  sourceSha256: string;
  path: string;
  sha256: string;
  bytes: number;
  measure: FileMeasure;
  columns: LandedColumn[];
}

export interface BatchFacts {
  source: string;
  kind: SourceKind;
  partition: string;
  batchId: string;
  /** With the same columns in each. */
  files: MeasuredFile[];
  pulledAt: Date;
}

/**
 * Lands one batch: its files and its manifest are put together beside the lake, then renamed into place at once. The folder
 * is named by its content, so a batch that an interrupted run already landed is found and kept as it is.
 */
export async function landBatch(workspace: Workspace, staging: string, facts: BatchFacts): Promise<BatchManifest> {
  const landed = soundManifest(workspace, facts.source, facts.batchId);
  if (landed) return landed;
  const folder = join(staging, facts.batchId);
  mkdirSync(folder, { recursive: true });
  const manifest = manifestOf(facts);
  for (const [index, file] of facts.files.entries()) {
    await syncFile(file.path);
    renameSync(file.path, join(folder, manifest.files[index]!.name));
  }
  await writeDurably(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const target = join(workspace.lake, facts.source, facts.batchId);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(workspace.lake, facts.source), { recursive: true });
  renameSync(folder, target);
  return manifest;
}

/**
 * Points the source at its batches, all at once, and removes those it no longer points at. Everything the heads name must
 * have landed. Safe under the workspace lock: nobody else reads the lake meanwhile.
 */
export function replaceHeads(workspace: Workspace, heads: SourceHeads): void {
  const folder = join(workspace.lake, heads.source);
  mkdirSync(folder, { recursive: true });
  fsyncPath(folder);
  writeFileAtomic(join(folder, 'heads.json'), `${JSON.stringify(heads, null, 1)}\n`);
  const current = new Set(Object.values(heads.partitions).map(({ batchId }) => batchId));
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !current.has(entry.name)) rmSync(join(folder, entry.name), { recursive: true });
  }
}

/** The manifest of a batch whose files are all there in full length; null where the batch has to land (again). */
export function soundManifest(workspace: Workspace, source: string, batchId: string): BatchManifest | null {
  const folder = join(workspace.lake, source, batchId);
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) return null;
  const manifest = checkedJson(batchManifest, readFileSync(path, 'utf8'));
  return manifest && areWhole(folder, manifest.files) ? manifest : null;
}

function manifestOf({ source, kind, partition, batchId, files, pulledAt }: BatchFacts): BatchManifest {
  const measures = files.map(({ measure }) => measure);
  const digest = createHash('sha256');
  for (const file of files) digest.update(file.sha256);
  return {
    version: 1,
    batchId,
    source,
    kind,
    partition,
    rows: measures.reduce((rows, measure) => rows + measure.rows, 0),
    sums: addSums(measures.map(({ sums }) => sums)),
    sha256: digest.digest('hex'),
    files: files.map(({ source: origin, sourceSha256, sha256, bytes, measure }, index) => ({
      name: `data-${String(index).padStart(3, '0')}.parquet`,
      rows: measure.rows,
      bytes,
      sha256,
      source: origin,
      sourceSha256,
    })),
    columns: files[0]!.columns,
    exportTimeMax: measures.map((measure) => measure.exportTimeMax).reduce(later, null),
    chargePeriodMin: measures.map((measure) => measure.chargePeriodMin).reduce(earlier, null),
    chargePeriodMax: measures.map((measure) => measure.chargePeriodMax).reduce(later, null),
    pulledAt: pulledAt.toISOString(),
  };
}

/** Makes a file's bytes durable without holding up the others that land meanwhile. */
async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}
