import { rmSync } from 'node:fs';
import type { Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { SourceHeads } from '../../core/lake.ts';
import { inParallel } from '../in-parallel.ts';
import { openStagingFolder, soundManifest } from '../lake.ts';
import { joinErrors } from '../system-errors.ts';
import type { StorageReadApi } from './client.ts';
import { assertAffordable, costText, leastBilled, sizeText } from './cost.ts';
import { landPartition, type LandedPartition } from './land-partition.ts';
import { prunes, tableId } from './live-table.ts';
import type { Looked } from './look.ts';
import { filterOfAll, type LivePartition, type TablePlan } from './partitions.ts';
import { pullPartition, selectSql, type Pull } from './pull.ts';
import { dryRun } from './query.ts';
import { storageRefused } from './table-messages.ts';
import type { Transfer } from './transfer.ts';

/** Partitions in flight: most of a small one's time is waiting for BigQuery. A large one fills memory and machine alone. */
const PULLS_AT_ONCE = 4;
const LARGE_ROWS = 20_000;
/** Failures of one partition; the others still land, so that the next run has less to do. */
const OF_ONE_PARTITION = new Set(['SOURCE_CHANGED', 'SOURCE_INCOMPLETE', 'VALUE_INVALID', 'FILE_CORRUPT']);

export interface LandedChanges {
  landed: LandedPartition[];
  transfer: Transfer['used'];
  /** Bytes that a dry run says will be billed at least; null where nothing had to be pulled. */
  estimate: bigint | null;
}

/**
 * Pulls the changed partitions that are not in the lake already, and lands them one by one. Where some cannot be had, the
 * others land all the same, and the errors are thrown as one. Throws COST_GUARD before anything is read that costs too much.
 */
export async function landChanged(
  looked: Looked,
  heads: SourceHeads | null,
  plan: TablePlan,
  effects: Effects,
): Promise<LandedChanges> {
  const { run, settings } = looked;
  const { source, workspace, full } = run;
  const landed: LandedPartition[] = [];
  const toPull: TablePlan['changed'] = [];
  for (const partition of plan.changed) {
    const manifest = full ? null : soundManifest(workspace, source.name, partition.batchId);
    if (!manifest) toPull.push(partition);
    else
      landed.push({
        partition: partition.name,
        batchId: partition.batchId,
        rows: manifest.rows,
        token: partition.token,
      });
  }
  if (toPull.length === 0) return { landed, transfer: null, estimate: null };
  effects.progress({ step: `dry run ${source.name}`, fraction: null });
  const reading = await foreseen(looked, toPull);
  assertAffordable(reading, settings, tableId(settings));
  const estimate = leastBilled(reading, toPull.length);
  const staging = openStagingFolder(workspace, source.name);
  const storage = await looked.open.storageRead(settings);
  const transfer: Transfer = { storage, used: null, refused: (reason) => effects.warn(storageRefused(looked, reason)) };
  try {
    const pull = startPull(looked, { transfer, staging, estimate, toPull }, effects);
    const failures: WorthwhileError[] = [];
    const pullOne = async (planned: LivePartition): Promise<void> => {
      const connection = await run.connect();
      try {
        const pulled = await pullPartition({ ...pull, connection }, planned);
        landed.push(await landPartition(looked, heads, { pull: { ...pull, connection }, ...pulled }, effects));
      } catch (error) {
        if (!(error instanceof WorthwhileError) || !OF_ONE_PARTITION.has(error.code)) throw error;
        failures.push(error);
      } finally {
        connection.closeSync();
      }
    };
    const isLarge = ({ rows }: LivePartition): boolean => rows > LARGE_ROWS;
    await inParallel(
      PULLS_AT_ONCE,
      toPull.filter((each) => !isLarge(each)),
      pullOne,
    );
    await inParallel(1, toPull.filter(isLarge), pullOne);
    if (failures.length > 0) throw joinErrors(failures, `source "${source.name}"`, 'partitions');
    landed.sort((a, b) => (a.partition < b.partition ? -1 : 1));
    return { landed, transfer: transfer.used, estimate };
  } finally {
    rmSync(staging, { recursive: true, force: true });
    await closeQuietly(storage);
  }
}

/** What the pull will read. Where a filter leaves nothing unread, every partition costs the whole table. */
async function foreseen(
  { settings, schema, context, table, metadata }: Looked,
  toPull: LivePartition[],
): Promise<bigint> {
  const bytesOf = (filter: string): Promise<bigint> => dryRun(context, selectSql(settings, schema.selected, filter));
  if (!table.snapshot) {
    const bytes = await bytesOf(filterOfAll(table, toPull));
    return prunes(table, metadata) ? bytes : bytes * BigInt(toPull.length);
  }
  const each = await inParallel(PULLS_AT_ONCE, toPull, ({ filter }) => bytesOf(filter));
  return each.reduce((sum, bytes) => sum + bytes, 0n);
}

function startPull(
  { run, settings, table, schema, context }: Looked,
  {
    transfer,
    staging,
    estimate,
    toPull,
  }: { transfer: Transfer; staging: string; estimate: bigint; toPull: LivePartition[] },
  effects: Effects,
): Pull {
  const total = toPull.reduce((sum, { rows }) => sum + rows, 0);
  const cost = costText(estimate, settings.pricePerTiB);
  let done = 0;
  const report = (): void =>
    effects.progress({
      step: `pull ${run.source.name}`,
      fraction: total === 0 ? null : Math.min(1, done / total),
      detail: `${toPull.length} partitions, at least ${cost} to be billed; ${done.toLocaleString('en')} of ${total.toLocaleString('en')} rows, ${sizeText(context.meter.bytesProcessed)} read`,
    });
  report();
  return {
    context,
    transfer,
    source: settings,
    kind: run.source.kind,
    table,
    columns: schema.selected,
    connect: run.connect,
    staging,
    dayZone: run.config.timezone,
    arrived: (rows) => {
      done += rows;
      report();
    },
  };
}

/** A client that cannot be closed any more has nothing left to say about the rows that arrived. */
async function closeQuietly(storage: StorageReadApi | null): Promise<void> {
  await storage?.close().catch(() => {});
}
