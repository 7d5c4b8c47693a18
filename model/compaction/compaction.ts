import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlName } from '../../core/duckdb.ts';
import type { Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { isBillingKind, type BillingKind, type LakeBatch } from '../../core/lake.ts';
import { unreadableBatch } from '../../core/unreadable-batch.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';
import { STAGING_MACROS } from '../engine/duckdb.ts';
import { readsOf } from '../graph.ts';
import { datesOf } from '../months/replace-months.ts';
import type { BatchMonths } from '../months/changed-months.ts';
import { PARTITION_COLUMN, type Relation } from '../relation.ts';
import { compactBatches, currentCharges, fileList, LABEL_SET, mergeSegments, type LandedBatch } from './compact.ts';
import { planCompaction, type PlacedBatch } from './plan.ts';
import { projectionHash, RAW_RELATION, rawTables, signature } from './raw.ts';
import { foldersIn, labelSetsFile, readSegments, type Segment } from './segments.ts';

export interface CompactionReport {
  compactedBatches: number;
  reusedBatches: number;
  charges: number;
  /** Every current batch with its billing months. */
  batches: BatchMonths[];
  /** The versions of staging that the charges were compacted by. */
  staging: string[];
  /**
   * Makes the charges of these billing months (all where null) readable: a view for each compacted relation, and
   * `compacted_label_sets` for their label sets.
   */
  expose: (months: string[] | null) => Promise<void>;
  /** Removes segments that no published or coming build reads; call it when the generation is published. */
  collectGarbage: () => void;
}

/** What a segment's bytes mean changes with this number; raise it when the files themselves change shape. */
const FORMAT = 4;

/** Brings the compacted charges of every `materialized: compacted` relation up to date with the current batches. */
export async function compact(
  connection: DuckDBConnection,
  given: { relations: Relation[]; batches: LakeBatch[]; folder: string; timezone: string },
  effects: Effects,
): Promise<CompactionReport> {
  // Lets staging read single rows again by their place: a join with up to so many places opens only the files they are in.
  await connection.run('SET dynamic_or_filter_threshold = 100000');
  await connection.run(`CREATE TEMP TABLE raw_batches (${rawTables['raw_batches']})`);
  const report = { compactedBatches: 0, reusedBatches: 0, charges: 0 };
  const staged: StagedRelation[] = [];
  for (const relation of given.relations) {
    const rawRelation = await rawRelationOf(connection, relation);
    const batches = given.batches.filter(
      ({ manifest: { kind } }) => isBillingKind(kind) && RAW_RELATION[kind] === rawRelation,
    );
    const version = await stagingHash(connection, relation, rawRelation, given.timezone);
    const folder = join(given.folder, relation.name, version);
    const { places, compacted } = await bringUpToDate(connection, { relation, rawRelation, folder }, batches, effects);
    staged.push({ relation, rawRelation, version, places });
    report.compactedBatches += compacted;
    report.reusedBatches += batches.length - compacted;
    report.charges += places.reduce((sum, { batch }) => sum + batch.charges, 0);
  }
  await connection.run('RESET dynamic_or_filter_threshold');
  const places = staged.flatMap((one) => one.places);
  const segments = [...new Set(places.map(({ segment }) => segment))];
  return {
    ...report,
    batches: places.map(({ batch: { charges: _, ...batch } }) => batch),
    staging: staged.map(({ version }) => version),
    expose: async (months) => {
      const read = new Set<Segment>();
      for (const one of staged) {
        const wanted = placesOf(one.places, months);
        await createView(connection, { ...one, places: wanted }, months);
        for (const { segment } of wanted) read.add(segment);
      }
      await createLabelSetView(connection, [...read]);
    },
    collectGarbage: () => collectGarbage(given.folder, new Set(segments.map(({ folder }) => folder))),
  };
}

interface StagedRelation {
  relation: Relation;
  rawRelation: string;
  version: string;
  places: PlacedBatch[];
}

/** The batches of segments that have charges of these months: a segment is read whole or not at all. */
function placesOf(places: PlacedBatch[], months: string[] | null): PlacedBatch[] {
  if (months === null) return places;
  const touched = places.filter(({ batch }) => batch.billingPeriods.some((month) => months.includes(month)));
  const segments = new Set(touched.map(({ segment }) => segment));
  return places.filter(({ segment }) => segments.has(segment));
}

async function bringUpToDate(
  connection: DuckDBConnection,
  target: { relation: Relation; rawRelation: string; folder: string },
  batches: LakeBatch[],
  effects: Effects,
): Promise<{ places: PlacedBatch[]; compacted: number }> {
  const wanted: LandedBatch[] = batches.map((landed) => ({
    batchId: landed.manifest.batchId,
    source: landed.manifest.source,
    projection: projectionHash(landed),
    signature: signature(landed),
    rows: landed.manifest.rows,
    landed,
  }));
  const plan = planCompaction(wanted, readSegments(target.folder, effects.warn));
  const merging = new Set(plan.toMerge.flat());
  const places = plan.reused.filter((place) => !merging.has(place));
  const total = plan.toCompact.flat().reduce((sum, batch) => sum + batch.rows, 0);
  let done = 0;
  for (const query of plan.toCompact) {
    const rows = query.reduce((sum, batch) => sum + batch.rows, 0);
    effects.progress({
      step: 'compact',
      fraction: done / Math.max(total, 1),
      detail: `${target.relation.name}: ${query.length} batches, ${rows} rows`,
    });
    const landed = query.map((batch) => batch.landed);
    const segment = await compactBatches(connection, target, query).catch(async (cause: unknown) => {
      throw (await unreadableBatch(connection, landed, cause)) ?? cause;
    });
    places.push(...segment.batches.map((batch) => ({ segment, batch })));
    done += rows;
  }
  for (const group of plan.toMerge) {
    const segment = await mergeSegments(connection, target.folder, group);
    places.push(...segment.batches.map((batch) => ({ segment, batch })));
  }
  return { places, compacted: plan.toCompact.flat().length };
}

async function rawRelationOf(connection: DuckDBConnection, relation: Relation): Promise<string> {
  const { references } = await readsOf(connection, relation);
  const raw = references.filter((name) => Object.values(RAW_RELATION).includes(name));
  if (raw.length === 1 && references.every((name) => name === raw[0] || name === 'raw_batches')) return raw[0]!;
  throw new WorthwhileError(
    'MODEL_INVALID',
    'a compacted relation reads one raw relation and raw_batches, nothing else',
    {
      on: relation.path,
      fix: 'correct the model file',
    },
  );
}

/** Everything besides a batch itself that decides what its charges look like. */
async function stagingHash(
  connection: DuckDBConnection,
  relation: Relation,
  raw: string,
  timezone: string,
): Promise<string> {
  const [engine] = await selectRows<{ version: string }>(connection, 'SELECT version() AS version');
  const schemas = Object.entries(RAW_RELATION)
    .filter(([, name]) => name === raw)
    .map(([kind]) => sourceSchema(kind as BillingKind));
  const parts = [FORMAT, engine!.version, timezone, relation.sql, STAGING_MACROS, schemas];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);
}

async function createView(
  connection: DuckDBConnection,
  { relation, rawRelation, places }: StagedRelation,
  months: string[] | null,
): Promise<void> {
  if (places.some(({ batch }) => batch.charges > 0)) {
    const charges = currentCharges(places);
    // Few months are read once, for everything that is made of them; a whole history may not fit into memory.
    await connection.run(
      months === null
        ? `CREATE VIEW ${sqlName(relation.name)} AS ${charges}`
        : `CREATE TABLE ${sqlName(relation.name)} AS SELECT * FROM (${charges}) WHERE ${PARTITION_COLUMN} IN (${datesOf(months)})`,
    );
    return;
  }
  const shape = sqlName(`${rawRelation}_shape`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${shape} (${rawTables[rawRelation]})`);
  await connection.run(`CREATE OR REPLACE TEMP VIEW ${sqlName(rawRelation)} AS SELECT * FROM ${shape}`);
  await connection.run(
    `CREATE TABLE ${sqlName(relation.name)} AS SELECT * EXCLUDE (x_LabelSet) FROM (${relation.sql}\n) LIMIT 0`,
  );
}

async function createLabelSetView(connection: DuckDBConnection, segments: Segment[]): Promise<void> {
  await connection.run(
    segments.length > 0
      ? `CREATE VIEW compacted_label_sets AS SELECT * FROM read_parquet(${fileList(segments.map(labelSetsFile))})`
      : `CREATE TABLE compacted_label_sets (${COMPACTED_LABEL_SETS})`,
  );
}

/** Columns of `compacted_label_sets`, the distinct label sets of all compacted charges; one set may be there many times. */
export const COMPACTED_LABEL_SETS = `x_LabelSetId VARCHAR, x_LabelSet ${LABEL_SET}`;

function collectGarbage(folder: string, inUse: ReadonlySet<string>): void {
  if (!existsSync(folder)) return;
  for (const relation of foldersIn(folder)) {
    for (const hash of foldersIn(join(folder, relation))) {
      const versionFolder = join(folder, relation, hash);
      const segments = foldersIn(versionFolder).map((name) => join(versionFolder, name));
      const dead = segments.filter((segment) => !inUse.has(segment));
      for (const segment of dead.length === segments.length ? [versionFolder] : dead) {
        rmSync(segment, { recursive: true, force: true });
      }
    }
  }
}
