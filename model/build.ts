import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { catalogLoads, type CatalogLoad } from '../core/catalog.ts';
import type { Config } from '../core/config/schema.ts';
import { openDatabase, selectRows, sqlName } from '../core/duckdb.ts';
import { silentEffects, type Effects, type Skipped } from '../core/effects.ts';
import { currentBatches, readHeads, type LakeBatch, type SourceHeads } from '../core/lake.ts';
import { workspaceAt, type Workspace } from '../core/workspace.ts';
import { builtInTables, GENERATION_FACTS } from './built-in-tables.ts';
import { runChecks } from './checks.ts';
import { COMPUTED_RELATIONS } from './computed-relations.ts';
import { compact } from './compaction/compaction.ts';
import { prepareModelSession } from './engine/duckdb.ts';
import { currentGeneration } from './generation.ts';
import { orderRelations, readModel, type ModelFiles, type ModelRelation } from './graph.ts';
import { loadInputs } from './inputs/load.ts';
import { uncountedSources } from './inputs/uncounted-sources.ts';
import { modelHash } from './model-hash.ts';
import { beginGeneration, GENERATION, nextGenerationNumber, publish, sweepWarehouse } from './publish.ts';
import type { Relation } from './relation.ts';

export interface BuildStage {
  name: string;
  ms: number;
  rows: number | null;
}

export interface BuildReport {
  generation: number;
  path: string;
  /** False where the served generation was already built from the same inputs. */
  published: boolean;
  compactedBatches: number;
  reusedBatches: number;
  checks: { passed: number };
  durationMs: number;
  stages: BuildStage[];
  /** Sources in the lake that the configuration does not name; their rows are not counted. */
  skipped: Skipped[];
}

interface BuildInputs {
  workspace: Workspace;
  batches: LakeBatch[];
  heads: SourceHeads[];
  loads: CatalogLoad[];
  model: ModelFiles;
  modelHash: string;
}

export interface BuildOptions {
  /** Build even where the served generation already holds these inputs. */
  force?: boolean;
  /** Another folder with the model's SQL, for trying a changed model. */
  modelFolder?: string;
}

/**
 * Turns the lake's current batches into a new generation of marts and publishes it, or says that the served one is already
 * that. Throws MODEL_INVALID, LAKE_CORRUPT or CHECK_FAILED; the served generation stays as it is then.
 */
export async function build(
  config: Config,
  options: BuildOptions = {},
  effects: Effects = silentEffects,
): Promise<BuildReport> {
  const started = performance.now();
  const inputs = readInputs(config, options.modelFolder ?? import.meta.dirname);
  const skipped = uncountedSources(config, inputs.workspace);
  for (const { what, why } of skipped) effects.warn(`${what} ${why}`);
  const fingerprint = fingerprintOf(config, inputs);
  const served = currentGeneration(inputs.workspace);
  if (!options.force && served && served.facts?.fingerprint === fingerprint) {
    return {
      generation: served.number,
      path: served.path,
      published: false,
      compactedBatches: 0,
      reusedBatches: inputs.batches.length,
      checks: { passed: 0 },
      durationMs: performance.now() - started,
      stages: [],
      skipped,
    };
  }
  sweepWarehouse(inputs.workspace);
  rmSync(inputs.workspace.spill, { recursive: true, force: true });
  const database = await openDatabase({
    memoryLimit: config.resources.memory ?? defaultMemory(),
    spillDirectory: join(inputs.workspace.spill, `build-${process.pid}`),
    ...(config.resources.threads ? { threads: config.resources.threads } : {}),
  });
  try {
    const report = await buildIn(database.connection, { config, inputs, fingerprint }, effects);
    sweepWarehouse(inputs.workspace);
    return { ...report, skipped, durationMs: performance.now() - started };
  } finally {
    database.close();
    rmSync(inputs.workspace.spill, { recursive: true, force: true });
  }
}

async function buildIn(
  connection: DuckDBConnection,
  { config, inputs, fingerprint }: { config: Config; inputs: BuildInputs; fingerprint: string },
  effects: Effects,
): Promise<Omit<BuildReport, 'durationMs' | 'skipped'>> {
  const { workspace, model } = inputs;
  const stages: BuildStage[] = [];
  const stage = async <Result>(name: string, fraction: number, work: () => Promise<Result>): Promise<Result> => {
    effects.progress({ step: name, fraction });
    const begun = performance.now();
    const result = await work();
    stages.push({ name, ms: performance.now() - begun, rows: typeof result === 'number' ? result : null });
    return result;
  };
  const number = nextGenerationNumber(workspace);
  const builtAt = effects.now().toISOString();
  await connection.run('SET preserve_insertion_order = false');
  await prepareModelSession(connection, config.timezone);
  await stage('inputs', 0, async () => {
    await loadInputs(connection, { config, ...inputs }, effects);
    await loadGenerationFacts(connection, { number, builtAt, config, modelHash: inputs.modelHash });
  });
  const ordered = await orderRelations(
    connection,
    [...model.relations, ...COMPUTED_RELATIONS],
    new Set(Object.keys(builtInTables)),
  );
  const isCompacted = (relation: ModelRelation): relation is Relation =>
    'sql' in relation && relation.materialized === 'compacted';
  const compaction = await stage('compaction', 0.02, () =>
    compact(
      connection,
      {
        relations: ordered.filter(isCompacted),
        batches: inputs.batches,
        folder: workspace.compacted,
        timezone: config.timezone,
      },
      effects,
    ),
  );
  const temporary = await beginGeneration(connection, workspace, number);
  const toMake = ordered.filter((relation) => !isCompacted(relation));
  for (const [index, relation] of toMake.entries()) {
    await stage(relation.name, 0.5 + (0.4 * index) / toMake.length, () => materialize(connection, relation));
  }
  const passed = await stage('checks', 0.9, () => runChecks(connection, toMake, model.checks));
  const path = await stage('publish', 0.98, () =>
    publish(
      connection,
      workspace,
      temporary,
      {
        version: 1,
        generation: number,
        builtAt,
        fingerprint,
        modelHash: inputs.modelHash,
      },
      effects,
    ),
  );
  compaction.collectGarbage();
  effects.progress({ step: 'built', fraction: 1, detail: `generation ${number}` });
  const { compactedBatches, reusedBatches } = compaction;
  return { generation: number, path, published: true, compactedBatches, reusedBatches, checks: { passed }, stages };
}

/** Makes one relation: a view, a table of the work database, or for a mart a table of the generation. Returns its rows. */
async function materialize(connection: DuckDBConnection, relation: ModelRelation): Promise<number | null> {
  const name = sqlName(relation.name);
  if (!('sql' in relation)) {
    await relation.compute(connection);
    return null;
  }
  if (relation.materialized === 'view') {
    await connection.run(`CREATE VIEW ${name} AS ${relation.sql}`);
    return null;
  }
  if (relation.layer === 'marts') {
    await connection.run(`CREATE TABLE ${GENERATION}.${name} AS ${relation.sql}`);
    await connection.run(`CREATE VIEW ${name} AS SELECT * FROM ${GENERATION}.${name}`);
  } else {
    await connection.run(`CREATE TABLE ${name} AS ${relation.sql}`);
  }
  const [row] = await selectRows<{ rows: string }>(connection, `SELECT count(*) AS "rows" FROM ${name}`);
  return Number(row!.rows);
}

async function loadGenerationFacts(
  connection: DuckDBConnection,
  { number, builtAt, config, modelHash }: { number: number; builtAt: string; config: Config; modelHash: string },
): Promise<void> {
  await connection.run(`CREATE TABLE inp_generation (${GENERATION_FACTS})`);
  await connection.run(
    'INSERT INTO inp_generation VALUES ($1::BIGINT, $2::VARCHAR::TIMESTAMPTZ, $3::VARCHAR, $4::VARCHAR, $5::VARCHAR, $6::VARCHAR)',
    [number, builtAt, config.company, config.currency, config.timezone, modelHash],
  );
}

function readInputs(config: Config, modelFolder: string): BuildInputs {
  const workspace = workspaceAt(config.workspace);
  const named = config.sources.map(({ name }) => name);
  const batches = currentBatches(workspace, named);
  const sources = [...new Set(batches.map(({ manifest }) => manifest.source))];
  return {
    workspace,
    batches,
    heads: sources.flatMap((source) => readHeads(workspace, source) ?? []),
    loads: catalogLoads(workspace),
    model: readModel(modelFolder),
    modelHash: modelHash(modelFolder),
  };
}

/** Hash over everything that decides what a generation holds, besides its number and the clock. */
function fingerprintOf(config: Config, { batches, heads, loads, modelHash }: BuildInputs): string {
  const { company, currency, timezone, attribution } = config;
  const parts = [
    modelHash,
    { company, currency, timezone, attribution },
    batches.map(({ manifest }) => [manifest.source, manifest.batchId]),
    heads.map(({ source, partitions }) =>
      Object.entries(partitions).map(([partition, { missingSince }]) => [source, partition, missingSince ?? null]),
    ),
    loads.map(({ validFrom, sha256 }) => [validFrom, sha256]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

const MEGABYTE = 1024 * 1024;

function defaultMemory(): string {
  return `${Math.round(Math.min(totalmem() * 0.6, 8192 * MEGABYTE) / MEGABYTE)}MiB`;
}
