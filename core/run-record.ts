import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from './atomic-file.ts';
import { checkedJson } from './checked-json.ts';
import { workspaceHolder } from './lock.ts';
import type { Workspace } from './workspace.ts';

/** Commands that change the workspace and are kept in its history. */
export const RUN_COMMANDS = ['run', 'ingest', 'build'] as const;
export type RunCommand = (typeof RUN_COMMANDS)[number];

export const RUN_TRIGGERS = ['command line', 'schedule'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** `skipped`: done, with something left out that is listed. `interrupted`: its process ended before the run did. */
export const RUN_OUTCOMES = ['running', 'done', 'skipped', 'failed', 'interrupted'] as const;

const count = z.number().int().nonnegative();

/**
 * What a pull from BigQuery cost, also one that failed: bytes as decimal integers, the price an exact decimal in US dollars.
 * A process that is killed outright (SIGKILL) cannot say what its pull under way was billed; that is only in Google's bill.
 */
const pulled = z.object({
  queries: count,
  bytesProcessed: z.string(),
  bytesBilled: z.string(),
  priceUsd: z.string(),
  transfer: z.string().nullable(),
});

/** A source, or a driver or metric (`driver kafka`), in one run. */
const runSource = z.object({
  name: z.string(),
  kind: z.string(),
  /** Rows and bytes (of Parquet) that landed in this run. */
  rows: count,
  bytes: count,
  /** Partitions that landed, of which some replaced an earlier batch; that were as before; that are gone at the source. */
  landed: count,
  replaced: count,
  unchanged: count,
  missing: count,
  /** Null where the source's rows lie in files. */
  pulled: pulled.nullable(),
});
export type RunSource = z.infer<typeof runSource>;

/** `status` says what became of it: loaded, unchanged, none configured, or the last good one kept. */
const runCatalog = z.object({ status: z.string(), components: count, squads: count });

const runBuild = z.object({
  generation: count,
  /** False where the served generation was already built from the same inputs. */
  published: z.boolean(),
  durationMs: z.number(),
  checksPassed: count,
  stages: z.array(z.object({ name: z.string(), ms: z.number(), rows: z.number().nullable() })),
});

const runError = z.object({
  code: z.string(),
  reason: z.string(),
  on: z.string().nullable(),
  next: z.string().nullable(),
});

/** One run (`<workspace>/runs/<id>.json`): written when it begins, replaced as it goes on and when it ends. Instants in UTC. */
export const runRecord = z.object({
  version: z.literal(1),
  id: z.string(),
  command: z.enum(RUN_COMMANDS),
  trigger: z.enum(RUN_TRIGGERS),
  startedAt: z.string(),
  /** When this was last written: for a run that was interrupted, when it was last known to go on. */
  updatedAt: z.string(),
  endedAt: z.string().nullable(),
  outcome: z.enum(RUN_OUTCOMES),
  exitCode: z.number().int().nullable(),
  /** What it was last doing; null before the first step, and once it has ended well. */
  step: z.object({ name: z.string(), fraction: z.number().nullable() }).nullable(),
  error: runError.nullable(),
  sources: z.array(runSource),
  catalog: runCatalog.nullable(),
  build: runBuild.nullable(),
  skipped: z.array(z.object({ what: z.string(), why: z.string() })),
  warnings: z.array(z.string()),
  /** The process that does it, as `core/lock.ts` tells processes apart. */
  process: z.object({ pid: z.number().int(), host: z.string(), processStart: z.number() }),
});
export type RunRecord = z.infer<typeof runRecord>;

/** What a piece of work says about itself, for the record of the run it is part of. */
export interface RunNotes {
  source: (source: RunSource) => void;
  catalog: (catalog: z.infer<typeof runCatalog>) => void;
  build: (build: z.infer<typeof runBuild>) => void;
}

/** Records kept: almost three years of daily runs, six weeks of hourly ones. What they published is in the lake and the marts. */
const KEPT_RUNS = 1000;
const FILE_NAME = /^\d{8}T\d{9}Z-[0-9a-f]{6}\.json$/;

/** The record of a run that begins now. Its id sorts by the time it began. */
export function newRun(command: RunCommand, trigger: RunTrigger, now: Date): RunRecord {
  const startedAt = now.toISOString();
  return {
    version: 1,
    id: `${startedAt.replaceAll(/[-:.]/g, '')}-${randomUUID().slice(0, 6)}`,
    command,
    trigger,
    startedAt,
    updatedAt: startedAt,
    endedAt: null,
    outcome: 'running',
    exitCode: null,
    step: null,
    error: null,
    sources: [],
    catalog: null,
    build: null,
    skipped: [],
    warnings: [],
    process: { pid: process.pid, host: hostname(), processStart: Math.round(performance.timeOrigin) },
  };
}

/** Writes a record in place of what stood there; readers see the one or the other. */
export function writeRun(workspace: Workspace, record: RunRecord): void {
  writeFileAtomic(fileOf(workspace, record.id), JSON.stringify(record));
}

/** Deletes the oldest records beyond those that are kept, and what a killed writer left half done. The caller holds the workspace. */
export function dropOldRuns(workspace: Workspace, kept = KEPT_RUNS): void {
  if (!existsSync(workspace.runs)) return;
  for (const name of readdirSync(workspace.runs)) {
    if (name.endsWith('.tmp')) rmSync(join(workspace.runs, name), { force: true });
  }
  for (const id of runIds(workspace).slice(kept)) rmSync(fileOf(workspace, id), { force: true });
}

export interface RunHistory {
  /** Every run that can be read, the newest first. */
  list: () => RunRecord[];
  /** Ids of records that cannot be read: damaged, or of a later version. */
  unreadable: () => string[];
}

/**
 * The run history of a workspace. A record that still says `running` while its process no longer holds the workspace is read as
 * `interrupted`. Records that have ended never change, so each is read from disk once.
 */
export function runHistory(workspace: Workspace): RunHistory {
  const ended = new Map<string, RunRecord>();
  const read = (id: string): RunRecord | null => {
    const known = ended.get(id);
    if (known) return known;
    const record = readRun(workspace, id);
    // One that is only read as interrupted may still be ended by its process, which sets an exit code.
    if (record && record.exitCode !== null) ended.set(id, record);
    return record;
  };
  return {
    list: () => {
      const ids = runIds(workspace);
      const present = new Set(ids);
      for (const id of ended.keys()) if (!present.has(id)) ended.delete(id);
      return ids.flatMap((id) => read(id) ?? []);
    },
    unreadable: () => runIds(workspace).filter((id) => read(id) === null),
  };
}

function readRun(workspace: Workspace, id: string): RunRecord | null {
  const stored = storedRun(workspace, id);
  if (stored?.outcome !== 'running' || isAlive(workspace, stored)) return stored;
  // It may have ended, and let go of the workspace, between the two looks.
  const again = storedRun(workspace, id);
  return again?.outcome === 'running' ? { ...again, outcome: 'interrupted' } : again;
}

function storedRun(workspace: Workspace, id: string): RunRecord | null {
  const path = fileOf(workspace, id);
  return existsSync(path) ? checkedJson(runRecord, readFileSync(path, 'utf8')) : null;
}

function isAlive(workspace: Workspace, { process: its }: RunRecord): boolean {
  const holder = workspaceHolder(workspace);
  return holder?.pid === its.pid && holder.host === its.host && holder.processStart === its.processStart;
}

function runIds(workspace: Workspace): string[] {
  if (!existsSync(workspace.runs)) return [];
  return readdirSync(workspace.runs)
    .filter((name) => FILE_NAME.test(name))
    .map((name) => name.slice(0, -'.json'.length))
    .sort()
    .reverse();
}

function fileOf(workspace: Workspace, id: string): string {
  return join(workspace.runs, `${id}.json`);
}
