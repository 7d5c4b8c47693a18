import type { DuckDBConnection } from '@duckdb/node-api';
import type { Config, SourceConfig } from '../core/config/schema.ts';
import type { Effects, Skipped } from '../core/effects.ts';
import { WorthwhileError } from '../core/errors.ts';
import type { SourceHeads } from '../core/lake.ts';
import type { Workspace } from '../core/workspace.ts';
import { replaceHeads, soundManifest } from './lake.ts';
import type { SourceReport } from './report.ts';

export interface SourceRun {
  config: Config;
  workspace: Workspace;
  source: SourceConfig;
  full: boolean;
  /** First day of interest, `YYYY-MM-DD`; partitions of earlier days are left as they are. */
  since: string | null;
  /** Opens DuckDB the first time something has to be read; a run without changes needs none. */
  database: () => Promise<DuckDBConnection>;
  /** Another connection to the same DuckDB, for rows that arrive beside others; the caller closes it. */
  connect: () => Promise<DuckDBConnection>;
  /** Told what a pull was billed before it failed; nothing landed by it. */
  pullFailed?: (report: SourceReport) => void;
}

export interface SourceOutcome {
  report: SourceReport;
  skipped: Skipped[];
}

/**
 * Rows of one source come from files or from one table. A source whose configuration now names another origin would count
 * the rows of both, because what is gone from a source is kept.
 */
export function assertSameOrigin({ source }: SourceRun, heads: SourceHeads | null, table: string | null): void {
  const before = heads && Object.keys(heads.partitions).length > 0 ? (heads.table ?? null) : table;
  if (before === table) return;
  throw new WorthwhileError(
    'CONFIG_INVALID',
    `source "${source.name}" was ingested from ${before ?? 'files'}, now it says ${table ?? 'files'}`,
    {
      on: source.name,
      fix: 'give the source a new name; the rows of its old name are then no longer counted',
    },
  );
}

/** Makes the next heads the current ones, all at once, where they differ. */
export function moveHeads(
  { workspace }: SourceRun,
  stored: SourceHeads | null,
  next: SourceHeads,
  effects: Effects,
): void {
  if (JSON.stringify(next) === JSON.stringify(stored)) return;
  effects.assertHeld?.();
  replaceHeads(workspace, next);
}

export function warnOfMissing(
  { source }: SourceRun,
  heads: SourceHeads | null,
  missing: string[],
  effects: Effects,
): void {
  for (const partition of missing.filter((name) => !heads?.partitions[name]?.missingSince)) {
    effects.warn(`source "${source.name}": partition ${partition} is no longer at the source; its rows are kept`);
  }
}

/** What an empty partition had before, if it had anything: an export that ran dry looks just like a quiet day. */
export function hadRows({ workspace }: SourceRun, heads: SourceHeads | null, partition: string): string {
  const before = heads?.partitions[partition];
  const rows = before ? (soundManifest(workspace, heads.source, before.batchId)?.rows ?? 0) : 0;
  return rows > 0 ? `; it had ${rows} before, see that the export is whole` : '';
}

/** The report of a source whose heads have moved from `before` to `next`. */
export function reportOf(
  { workspace, source }: SourceRun,
  run: { landed: SourceReport['landed']; unchanged: number; before: SourceHeads | null; next: SourceHeads },
): SourceReport {
  const { landed, unchanged, before, next } = run;
  return {
    name: source.name,
    kind: source.kind,
    landed,
    unchanged,
    replaced: landed.map(({ partition }) => partition).filter((partition) => before?.partitions[partition]),
    missing: Object.keys(next.partitions).filter((partition) => next.partitions[partition]!.missingSince),
    rows: Object.values(next.partitions).reduce(
      (rows, head) => rows + (soundManifest(workspace, source.name, head.batchId)?.rows ?? 0),
      0,
    ),
  };
}

export function sortedByKey<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
