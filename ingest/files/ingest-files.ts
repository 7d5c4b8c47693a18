import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileSource, SourceConfig } from '../../core/config/schema.ts';
import type { Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { readHeads, type SourceHeads } from '../../core/lake.ts';
import { countedElsewhere, type CountedElsewhere } from '../counted-elsewhere.ts';
import { discoverFiles } from './discover.ts';
import { dayOfPartition, type SourceFile } from './source-file.ts';
import { withoutStaleShards, type GuardedFiles } from './stale-shards.ts';
import { inParallel } from '../in-parallel.ts';
import { landBatch, openStagingFolder, soundManifest } from '../lake.ts';
import { planSource, settledFiles, type KnownFile, type Plan } from '../plan.ts';
import { withSameColumns } from '../same-columns.ts';
import {
  assertSameOrigin,
  hadRows,
  moveHeads,
  reportOf,
  sortedByKey,
  warnOfMissing,
  type SourceOutcome,
  type SourceRun,
} from '../source-run.ts';
import { joinErrors } from '../system-errors.ts';
import { takeIn } from '../take-in.ts';

/**
 * Brings one source's heads up to what lies at the source. Batches land one by one; the heads move only when every changed
 * partition is good, so no build ever sees half a source.
 */
export async function ingestFiles(run: SourceRun, effects: Effects): Promise<SourceOutcome> {
  const { config, workspace, source } = run;
  const discovered = await discoverFiles(source as FileSource, dirname(config.path), effects);
  const stored = readHeads(workspace, source.name);
  assertSameOrigin(run, stored, null);
  if (discovered.files.length === 0 && !stored) throw noFiles(source);
  const expected = (partition: string, fallback: string): boolean =>
    run.since === null || (dayOfPartition(partition) ?? fallback) >= run.since;
  const guarded = await guardedFiles(run, discovered.files, stored);
  const newest = newestByPartition(guarded.files);
  const files = guarded.files.filter(({ partition }) => expected(partition, isoDay(newest.get(partition)!)));
  const elsewhere = countedElsewhere(config, workspace, source.name);
  const heads = usableHeads(run, stored, files, elsewhere);
  const settled = run.full ? [] : settledFiles(files, heads);
  const settledPaths = new Set(settled.map((file) => file.path));
  const suspects = files.filter((file) => !settledPaths.has(file.path));
  const staging = openStagingFolder(workspace, source.name);
  try {
    const taken = await takeIn({ ...run, heads, files: suspects, staging, kind: source.kind }, effects);
    const plan = planSource({
      kind: source.kind,
      heads,
      files: [...settled, ...taken.known],
      expected: (partition) => expected(partition, ''),
      elsewhere,
    });
    // Many at a time, because each waits for the disk to confirm its manifest and disks confirm in groups.
    const landed = await inParallel(32, plan.changed, async ({ partition, batchId, files: members }) => {
      const measured = members.map((file) => taken.measured.get(file.path)!);
      const alike = await withSameColumns(run.database, source.kind, measured);
      const facts = { source: source.name, kind: source.kind, partition, batchId, files: alike };
      const { rows } = await landBatch(workspace, staging, { ...facts, pulledAt: effects.now() });
      return { partition, batchId, rows };
    });
    for (const { partition, rows } of landed) {
      if (rows === 0)
        effects.warn(`source "${source.name}": partition ${partition} has no rows${hadRows(run, heads, partition)}`);
    }
    const next = nextHeads(run, heads, plan, effects.now());
    moveHeads(run, stored, next, effects);
    for (const partition of Object.keys(stored?.partitions ?? {}).filter((name) => !next.partitions[name])) {
      if (!plan.renamed.includes(partition)) {
        effects.warn(`source "${source.name}": ${partition} is counted in another source; its rows here are dropped`);
      }
    }
    warnOfMissing(run, heads, plan.missing, effects);
    const report = reportOf(run, { landed, unchanged: plan.unchanged.length, before: heads, next });
    return { report, skipped: [...discovered.skipped, ...guarded.skipped, ...plan.skipped] };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** The files without shards that an earlier export left. Throws where nobody can be sure which those are. */
async function guardedFiles(run: SourceRun, files: SourceFile[], heads: SourceHeads | null): Promise<GuardedFiles> {
  const settled = new Set(run.full ? [] : settledFiles(files, heads).map(({ partition }) => partition));
  const guarded = await withoutStaleShards(files, (partition) => settled.has(partition), run.database);
  if (guarded.refused.length > 0) throw joinErrors(guarded.refused, `source "${run.source.name}"`);
  return guarded;
}

/** By the newest of its files: a partition is looked at whole or not at all. */
function newestByPartition(files: SourceFile[]): Map<string, number> {
  const newest = new Map<string, number>();
  for (const { partition, mtimeMs } of files) newest.set(partition, Math.max(mtimeMs, newest.get(partition) ?? 0));
  return newest;
}

/**
 * Heads without those live partitions whose batch is gone or damaged on disk, or was read as another kind: these land again.
 * So do those with a file that another source counts, without it; one no longer at the source goes if all of it is counted.
 */
function usableHeads(
  { workspace, source }: SourceRun,
  heads: SourceHeads | null,
  files: SourceFile[],
  elsewhere: CountedElsewhere,
): SourceHeads | null {
  if (!heads) return null;
  const live = new Set(files.map((file) => file.partition));
  const gone = Object.keys(heads.partitions).filter((partition) => !live.has(partition));
  if (heads.kind !== source.kind && gone.length > 0) {
    throw new WorthwhileError(
      'CONFIG_INVALID',
      `source "${source.name}" was ingested as ${heads.kind}, now it says ${source.kind}`,
      {
        on: `partitions no longer at the source: ${gone.slice(0, 5).join(', ')}`,
        fix: 'give the source a new name, or run once with all of its files present',
      },
    );
  }
  const usable = Object.entries(heads.partitions).filter(([partition, { batchId, files: landed }]) => {
    const double = landed.filter(({ sha256 }) => elsewhere(sha256, true) !== null);
    if (!live.has(partition)) return landed.length === 0 || double.length < landed.length;
    return (
      double.length === 0 && heads.kind === source.kind && soundManifest(workspace, heads.source, batchId) !== null
    );
  });
  return { ...heads, kind: source.kind, partitions: Object.fromEntries(usable) };
}

function nextHeads(run: SourceRun, heads: SourceHeads | null, plan: Plan, now: Date): SourceHeads {
  const { name, kind } = run.source;
  const partitions: SourceHeads['partitions'] = {};
  const renamed = new Set(plan.renamed);
  for (const [partition, head] of Object.entries(heads?.partitions ?? {})) {
    if (!renamed.has(partition)) partitions[partition] = head;
  }
  for (const partition of plan.missing) {
    partitions[partition] = { missingSince: now.toISOString(), ...partitions[partition]! };
  }
  for (const { partition, batchId, files } of [...plan.unchanged, ...plan.changed]) {
    partitions[partition] = { batchId, files: files.map(statOf) };
  }
  return { version: 1, source: name, kind, partitions: sortedByKey(partitions) };
}

function statOf({
  path,
  size,
  mtimeMs,
  ctimeMs,
  sha256,
}: KnownFile): SourceHeads['partitions'][string]['files'][number] {
  return { path, size, mtimeMs, ctimeMs, sha256 };
}

function noFiles(source: SourceConfig): WorthwhileError {
  return new WorthwhileError('SOURCE_EMPTY', `source "${source.name}" has no files`, {
    on: source.files?.join(', ') ?? source.name,
    fix: 'correct its `files` (relative paths start at the configuration file), or export into that folder',
  });
}

function isoDay(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
