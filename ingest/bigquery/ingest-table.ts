import type { BigQueryTable } from '../../core/config/schema.ts';
import type { Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { readHeads, type SourceHeads } from '../../core/lake.ts';
import { soundManifest } from '../lake.ts';
import type { SourceReport } from '../report.ts';
import {
  assertSameOrigin,
  moveHeads,
  reportOf,
  sortedByKey,
  warnOfMissing,
  type SourceOutcome,
  type SourceRun,
} from '../source-run.ts';
import { explainSystemError } from '../system-errors.ts';
import { assertNoStrayEmulator, openBigQuery, openStorageRead, type Opening } from './client.ts';
import { priceOf } from './cost.ts';
import { explainFault } from './faults.ts';
import { landChanged } from './land-changed.ts';
import type { LandedPartition } from './land-partition.ts';
import { tableId } from './live-table.ts';
import { lookAtTable, type Looked } from './look.ts';
import { planTable, type LivePartition, type TablePlan } from './partitions.ts';
import { newMeter, sceneOf, type QueryContext } from './query.ts';
import { retryPolicy } from './retry.ts';
import { emptyTable, notATable, unplacedRows, warnOfSpent } from './table-messages.ts';
import { tableKind, type TableKind } from './tables.ts';

/**
 * Brings a source's heads up to its BigQuery table: probes every partition with one query, pulls those that changed, each
 * whole, and moves the heads when all of them are good. What landed before an interruption is not pulled again.
 */
export async function ingestTable(
  run: SourceRun,
  settings: BigQueryTable,
  effects: Effects,
  open: Opening = { bigQuery: openBigQuery, storageRead: openStorageRead },
): Promise<SourceOutcome> {
  const { source, workspace } = run;
  const on = tableId(settings);
  const table = tableKind(source.kind);
  if (!table) throw notATable(run);
  const stored = readHeads(workspace, source.name);
  assertSameOrigin(run, stored, on);
  assertNoStrayEmulator(settings, process.env);
  const retries = retryPolicy(effects.pause);
  const context: QueryContext = {
    api: await open.bigQuery(settings),
    settings,
    location: settings.location ?? null,
    retries,
    meter: newMeter(),
  };
  try {
    effects.progress({ step: `probe ${source.name}`, fraction: null });
    const live = await lookAtTable(context, source.kind, table, settings);
    const { schema, partitions, unplaced } = live;
    if (schema.unknown.length > 0) {
      effects.warn(`source "${source.name}": columns its kind does not know, not read: ${schema.unknown.join(', ')}`);
    }
    if (partitions.length === 0 && !stored) throw emptyTable(run, on, unplaced);
    return await bringUp({ ...live, run, settings, table, context, stored, open }, effects);
  } catch (error) {
    warnOfSpent(run, context, effects);
    if (context.meter.bytesBilled > 0n) run.pullFailed?.(failedReport(run, context));
    throw explainSystemError(error, workspace.lake, () => explainFault(error, sceneOf(context, on)));
  }
}

/** Of a failed pull only its cost is told: no head has moved, so nothing of it counts as landed. */
function failedReport({ source: { name, kind } }: SourceRun, context: QueryContext): SourceReport {
  const pulled = { ...spentOn(context), transfer: null };
  return { name, kind, landed: [], unchanged: 0, replaced: [], missing: [], rows: 0, pulled };
}

function spentOn({ meter, settings }: QueryContext): Omit<NonNullable<SourceReport['pulled']>, 'transfer'> {
  return {
    queries: meter.queries,
    bytesProcessed: meter.bytesProcessed.toString(),
    bytesBilled: meter.bytesBilled.toString(),
    priceUsd: priceOf(meter.bytesBilled, settings.pricePerTiB),
  };
}

async function bringUp(looked: Looked, effects: Effects): Promise<SourceOutcome> {
  const { run, settings, schema, stored, partitions: live, context, table } = looked;
  const { source, workspace } = run;
  const heads = headsOfKind(run, stored, live);
  const plan = planTable({
    kind: source.kind,
    source: settings,
    columns: schema.selected,
    live,
    heads,
    usable: (batchId) => soundManifest(workspace, source.name, batchId) !== null,
    expected: (partition) =>
      run.since === null || table.snapshot !== undefined || coversDay(table, partition, run.since),
    full: run.full,
  });
  const { landed, transfer, estimate } = await landChanged(looked, heads, plan, effects);
  const next = nextHeads(looked, heads, plan, { landed, now: effects.now() });
  moveHeads(run, stored, next, effects);
  warnOfMissing(run, heads, plan.missing, effects);
  const fresh = landed.filter(({ partition, batchId }) => heads?.partitions[partition]?.batchId !== batchId);
  const facts = fresh.map(({ partition, batchId, rows }) => ({ partition, batchId, rows }));
  const unchanged = plan.unchanged.length + landed.length - fresh.length;
  const pulled: SourceReport['pulled'] = {
    ...spentOn(context),
    transfer,
    ...(estimate !== null && {
      estimate: { bytes: estimate.toString(), priceUsd: priceOf(estimate, settings.pricePerTiB) },
    }),
  };
  return {
    report: { ...reportOf(run, { landed: facts, unchanged, before: heads, next }), pulled },
    skipped: unplacedRows(looked),
  };
}

/** Heads that were read as another kind stand for nothing; where a partition of theirs is gone, its rows cannot be had again. */
function headsOfKind({ source }: SourceRun, stored: SourceHeads | null, live: LivePartition[]): SourceHeads | null {
  if (!stored || stored.kind === source.kind) return stored;
  const gone = Object.keys(stored.partitions).filter((name) => !live.some((partition) => partition.name === name));
  if (gone.length === 0) return { ...stored, kind: source.kind, partitions: {} };
  throw new WorthwhileError(
    'CONFIG_INVALID',
    `source "${source.name}" was ingested as ${stored.kind}, now it says ${source.kind}`,
    { on: `partitions no longer at the source: ${gone.slice(0, 5).join(', ')}`, fix: 'give the source a new name' },
  );
}

function nextHeads(
  { run, settings }: Looked,
  heads: SourceHeads | null,
  plan: TablePlan,
  { landed, now }: { landed: LandedPartition[]; now: Date },
): SourceHeads {
  const partitions: SourceHeads['partitions'] = { ...heads?.partitions };
  for (const name of plan.missing) partitions[name] = { missingSince: now.toISOString(), ...partitions[name]! };
  for (const name of plan.unchanged) {
    const { missingSince: _, ...found } = partitions[name]!;
    partitions[name] = found;
  }
  for (const { partition, batchId, token } of landed) partitions[partition] = { batchId, files: [], token };
  const { name, kind } = run.source;
  return { version: 1, source: name, kind, table: tableId(settings), partitions: sortedByKey(partitions) };
}

/** Whether a partition may hold charges of this day or later; a billing period holds days up to its month's end. */
function coversDay({ ingestionDays }: TableKind, partition: string, day: string): boolean {
  return ingestionDays ? partition >= day : partition.slice(0, 7) >= day.slice(0, 7);
}
