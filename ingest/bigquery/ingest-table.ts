import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BigQueryTable } from '../../core/config/schema.ts';
import { selectRows } from '../../core/duckdb.ts';
import type { Effects, Skipped } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { readHeads, type SourceHeads } from '../../core/lake.ts';
import { inParallel } from '../in-parallel.ts';
import { landBatch, openStagingFolder, soundManifest, type MeasuredFile } from '../lake.ts';
import { parquet } from '../probe.ts';
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
import { explainSystemError, joinErrors } from '../system-errors.ts';
import {
  assertNoStrayEmulator,
  openBigQuery,
  openStorageRead,
  type BigQueryApi,
  type StorageReadApi,
} from './client.ts';
import { assertAffordable, costText, leastBilled, priceOf, sizeText } from './cost.ts';
import { explainFault } from './faults.ts';
import { prunes, tableId } from './live-table.ts';
import { lookAtTable, type LiveTable } from './look.ts';
import { digest, filterOfAll, planTable, pulledBatchId, type LivePartition, type TablePlan } from './partitions.ts';
import { pullPartition, selectSql, type PartitionPull, type Pull } from './pull.ts';
import { dryRun, newMeter, sceneOf, type QueryContext } from './query.ts';
import { retryPolicy } from './retry.ts';
import { tableKind, type TableKind } from './tables.ts';
import type { Transfer } from './transfer.ts';

/** Partitions in flight: most of a small one's time is waiting for BigQuery. A large one fills memory and machine alone. */
const PULLS_AT_ONCE = 4;
const LARGE_ROWS = 20_000;
/** Failures of one partition; the others still land, so that the next run has less to do. */
const OF_ONE_PARTITION = new Set(['SOURCE_CHANGED', 'SOURCE_INCOMPLETE', 'VALUE_INVALID', 'FILE_CORRUPT']);

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
    throw explainSystemError(error, workspace.lake, () => explainFault(error, sceneOf(context, on)));
  }
}

/** What failed has no report to stand in; what it cost is said all the same, and kept in the run history. */
function warnOfSpent({ source }: SourceRun, { meter, settings }: QueryContext, effects: Effects): void {
  if (meter.bytesBilled === 0n) return;
  const price = priceOf(meter.bytesBilled, settings.pricePerTiB);
  effects.warn(
    `source "${source.name}": ${sizeText(meter.bytesBilled)} ($${price}) were billed before it failed; what has landed is not pulled again`,
  );
}

/** Where the two APIs come from; tests hand in their own. */
export interface Opening {
  bigQuery: (settings: BigQueryTable) => Promise<BigQueryApi>;
  storageRead: (settings: BigQueryTable) => Promise<StorageReadApi | null>;
}

interface Looked extends LiveTable {
  open: Opening;
  run: SourceRun;
  settings: BigQueryTable;
  table: TableKind;
  context: QueryContext;
  stored: SourceHeads | null;
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
  const { meter } = context;
  const pulled: SourceReport['pulled'] = {
    queries: meter.queries,
    bytesProcessed: meter.bytesProcessed.toString(),
    bytesBilled: meter.bytesBilled.toString(),
    priceUsd: priceOf(meter.bytesBilled, settings.pricePerTiB),
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

interface LandedPartition {
  partition: string;
  batchId: string;
  rows: number;
  token: string;
}

interface LandedChanges {
  landed: LandedPartition[];
  transfer: Transfer['used'];
  /** Bytes that a dry run says will be billed at least; null where nothing had to be pulled. */
  estimate: bigint | null;
}

async function landChanged(
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
        landed.push(await land(looked, heads, { pull: { ...pull, connection }, ...pulled }, effects));
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

/**
 * Lands one partition. With `--full` a partition may have been pulled again under the same token: rows that are those of the
 * head's batch leave it as it is, others make a batch of their own.
 */
async function land(
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

function unplacedRows({ settings, unplaced, table }: Looked): Skipped[] {
  if (unplaced === 0) return [];
  return [
    {
      what: `${unplaced} rows of ${tableId(settings)}`,
      why: `their ${table.partition} is null, so they are in no partition yet (BigQuery's streaming buffer); a later run pulls them`,
    },
  ];
}

function storageRefused({ run, settings }: Looked, reason: string): string {
  const project = settings.jobProject ?? settings.project;
  return `source "${run.source.name}": the Storage Read API is not permitted (${reason}); reading paged results, which is slower. Grant roles/bigquery.readSessionUser on project ${project}, or set \`storageRead: never\``;
}

function emptyTable({ source }: SourceRun, on: string, unplaced: number): WorthwhileError {
  return new WorthwhileError(
    'SOURCE_EMPTY',
    `source "${source.name}" has a table without ${unplaced > 0 ? 'partitions yet' : 'rows'}`,
    {
      on,
      fix: 'see under Billing export in the Google Cloud console that the export is on; its first rows may take a day, a backfill five',
    },
  );
}

function notATable({ source, config }: SourceRun): WorthwhileError {
  return new WorthwhileError(
    'CONFIG_INVALID',
    `kind ${source.kind} of source "${source.name}" is not pulled from BigQuery`,
    {
      on: config.path,
      fix: 'name `files`, or one of the gcp kinds',
    },
  );
}

/** A client that cannot be closed any more has nothing left to say about the rows that arrived. */
async function closeQuietly(storage: StorageReadApi | null): Promise<void> {
  await storage?.close().catch(() => {});
}
