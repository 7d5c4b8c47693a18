import { rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Config } from '../core/config/schema.ts';
import { openDatabase } from '../core/duckdb.ts';
import { silentEffects, type Effects, type Skipped } from '../core/effects.ts';
import { runHistory } from '../core/run-record.ts';
import { fingerprintOf, readInputs, type BuildInputs } from './build-inputs.ts';
import { builtInTables, GENERATION_FACTS } from './built-in-tables.ts';
import { COMPUTED_RELATIONS } from './computed-relations.ts';
import { compact } from './compaction/compaction.ts';
import { prepareModelSession } from './engine/duckdb.ts';
import { currentGeneration, type Generation, type GenerationFacts } from './generation.ts';
import { orderRelations } from './graph.ts';
import { loadCloses } from './inputs/closed-rows.ts';
import { loadInputs } from './inputs/load.ts';
import { uncountedSources } from './inputs/uncounted-sources.ts';
import { isCompacted, makeRelations, MonthsDoNotFit } from './make-relations.ts';
import { basisOf, changedMonths, type MonthsBasis } from './months/changed-months.ts';
import { inPhases } from './months/phases.ts';
import { beginGeneration, nextGenerationNumber, publish, sweepWarehouse } from './publish.ts';
import { stageClock, type BuildStage } from './stages.ts';

export interface BuildReport {
  generation: number;
  path: string;
  /** False where the served generation was already built from the same inputs. */
  published: boolean;
  compactedBatches: number;
  reusedBatches: number;
  /** First days of the billing months that were made anew; null where all of them were. */
  monthsMade: string[] | null;
  checks: { passed: number };
  durationMs: number;
  stages: BuildStage[];
  /** Sources in the lake that the configuration does not name; their rows are not counted. */
  skipped: Skipped[];
}

export interface BuildOptions {
  /** Build every month anew, also where the served generation already holds these inputs. */
  force?: boolean;
  /** Another folder with the model's SQL, for trying a changed model. */
  modelFolder?: string;
}

/**
 * Turns the lake's current batches into a new generation of marts and publishes it, or says that the served one is already
 * that. Throws MODEL_INVALID, LAKE_CORRUPT, LEDGER_CORRUPT or CHECK_FAILED; the served generation stays as it is then.
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
      monthsMade: [],
      checks: { passed: 0 },
      durationMs: performance.now() - started,
      stages: [],
      skipped,
    };
  }
  sweepWarehouse(inputs.workspace);
  rmSync(inputs.workspace.spill, { recursive: true, force: true });
  const work = { config, inputs, fingerprint, previous: options.force ? null : served };
  const report = await inDatabase(work, effects).catch((error: unknown) => {
    if (!(error instanceof MonthsDoNotFit)) throw error;
    effects.warn(`months carried over do not fit those made anew (${error.message}); all are made anew`);
    return inDatabase({ ...work, previous: null }, effects);
  });
  sweepWarehouse(inputs.workspace);
  return { ...report, skipped, durationMs: performance.now() - started };
}

type Built = Omit<BuildReport, 'durationMs' | 'skipped'>;

/** Builds in a database of its own, which leaves nothing behind. */
async function inDatabase(work: Work, effects: Effects): Promise<Built> {
  const { config, inputs } = work;
  const database = await openDatabase({
    memoryLimit: config.resources.memory ?? defaultMemory(),
    spillDirectory: join(inputs.workspace.spill, `build-${process.pid}`),
    ...(config.resources.threads ? { threads: config.resources.threads } : {}),
  });
  try {
    return await buildIn(database.connection, work, effects);
  } finally {
    database.close();
    rmSync(inputs.workspace.spill, { recursive: true, force: true });
  }
}

interface Work {
  config: Config;
  inputs: BuildInputs;
  fingerprint: string;
  /** The served generation, from which months may be carried over. */
  previous: Generation | null;
}

async function buildIn(
  connection: DuckDBConnection,
  { config, inputs, fingerprint, previous }: Work,
  effects: Effects,
): Promise<Built> {
  const { workspace, model } = inputs;
  const { stage, stages } = stageClock(effects);
  const number = nextGenerationNumber(workspace);
  const builtAt = effects.now().toISOString();
  await connection.run('SET preserve_insertion_order = false');
  await prepareModelSession(connection, config.timezone);
  const inputRows = await stage('inputs', 0, async () => {
    await loadGenerationFacts(connection, { number, builtAt, config, modelHash: inputs.modelHash });
    return loadInputs(connection, { config, ...inputs, runs: runHistory(workspace).list() }, effects);
  });
  const inputNames = new Set(Object.keys(builtInTables));
  const ordered = await orderRelations(connection, [...model.relations, ...COMPUTED_RELATIONS], inputNames);
  const phases = inPhases(ordered);
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
  await loadCloses(connection, { ...inputs, batches: compaction.batches, basis: { config, ...inputs } });
  const readByMonths = phases.inputsOfMonths();
  const months: MonthsBasis = {
    basis: basisOf({
      modelHash: inputs.modelHash,
      staging: compaction.staging,
      inputs: [
        Object.entries(inputRows).filter(([table]) => readByMonths.has(table)),
        readByMonths.has('inp_measure_values')
          ? inputs.measures.map(({ manifest }) => [manifest.kind, manifest.name, manifest.sha256])
          : [],
      ],
    }),
    batches: compaction.batches,
  };
  const changed = previous?.facts ? changedMonths(previous.facts.months, months) : null;
  const generation = await beginGeneration(connection, workspace, number, changed && previous);
  const made = generation.isCopy ? changed : null;
  await compaction.expose(made);
  const passed = await makeRelations(connection, { ordered, phases, checks: model.checks, months: made }, stage);
  const facts: GenerationFacts = {
    version: 2,
    generation: number,
    builtAt,
    fingerprint,
    modelHash: inputs.modelHash,
    months,
  };
  const path = await stage('publish', 0.98, () => publish(connection, workspace, generation.path, facts, effects));
  compaction.collectGarbage();
  effects.progress({ step: 'built', fraction: 1, detail: `generation ${number}` });
  const { compactedBatches, reusedBatches } = compaction;
  return {
    generation: number,
    path,
    published: true,
    compactedBatches,
    reusedBatches,
    monthsMade: made,
    checks: { passed },
    stages,
  };
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

const MEGABYTE = 1024 * 1024;

function defaultMemory(): string {
  return `${Math.round(Math.min(totalmem() * 0.6, 8192 * MEGABYTE) / MEGABYTE)}MiB`;
}
