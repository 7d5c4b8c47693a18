import type { DuckDBConnection } from '@duckdb/node-api';
import type { Config, SourceConfig } from '../core/config/schema.ts';
import { openDatabase, type Database } from '../core/duckdb.ts';
import { silentEffects, type Effects } from '../core/effects.ts';
import { WorthwhileError } from '../core/errors.ts';
import { workspaceAt } from '../core/workspace.ts';
import { queryRowsToParquet } from './bigquery/query-rows.ts';
import { loadCatalog } from './catalog/load-catalog.ts';
import { dayIn } from './day-in.ts';
import { loadCloudBilling } from './cloud-billing/load-cloud-billing.ts';
import { ingestSource } from './ingest-source.ts';
import { removeLeftovers } from './lake.ts';
import { loadMeasures } from './measures/load-measures.ts';
import type { IngestReport, SourceReport } from './report.ts';
import { explainSystemError } from './system-errors.ts';

export type { IngestReport } from './report.ts';

export interface IngestOptions {
  /** Names of the sources to look at; all of them where left out. */
  sources?: string[];
  /** Read and hash every file anew, also those whose size and times have not changed. */
  full?: boolean;
  /** First day of interest, `YYYY-MM-DD`: partitions named after earlier days are left as they are. */
  since?: string;
  /** Told of each source as soon as it is done, also where a later one fails; and of a failed pull, for what it was billed. */
  onSource?: (report: SourceReport) => void;
}

/**
 * Brings the lake up to what lies at the sources, takes in drivers and metrics, then loads the catalog. A source, driver or metric
 * with a refused file stays as it was; the others go on, and the error that names every refused file is thrown at the end.
 */
export async function ingest(
  config: Config,
  options: IngestOptions = {},
  effects: Effects = silentEffects,
): Promise<IngestReport> {
  const sources = selectedSources(config, options.sources);
  const since = checkedDay(options.since);
  const workspace = workspaceAt(config.workspace);
  const warnings: string[] = [];
  const heard: Effects = { ...effects, warn: (message) => void (warnings.push(message), effects.warn(message)) };
  removeLeftovers(workspace);
  const report: IngestReport = {
    sources: [],
    measures: [],
    catalog: { status: 'none', components: 0, squads: 0 },
    warnings,
    skipped: [],
  };
  const failures: WorthwhileError[] = [];
  const database = sharedDatabase(config, workspace.spill);
  try {
    for (const source of sources) {
      const run = {
        config,
        workspace,
        source,
        full: options.full ?? false,
        since,
        database: database.connect,
        connect: database.another,
        ...(options.onSource && { pullFailed: options.onSource }),
      };
      try {
        const outcome = await ingestSource(run, heard);
        report.sources.push(outcome.report);
        options.onSource?.(outcome.report);
        report.skipped.push(...outcome.skipped);
      } catch (error) {
        const failure = explainSystemError(error, workspace.lake, () => error);
        if (!(failure instanceof WorthwhileError) || failure.code === 'DISK_FULL') throw failure;
        failures.push(failure);
      }
    }
    const today = dayIn(config.timezone, effects.now());
    const measures = await loadMeasures(
      { config, workspace, database: database.connect, runQuery: queryRowsToParquet, today },
      heard,
    ).catch((error: unknown) => {
      throw explainSystemError(error, workspace.measures, () => error);
    });
    report.measures.push(...measures.reports);
    report.skipped.push(...measures.skipped);
    failures.push(...measures.failures);
  } finally {
    database.close();
  }
  if (failures.length > 0) {
    // The step that stands here last went well; what is said to have failed should be what did.
    heard.progress({ step: 'ingest', fraction: null, detail: `${failures.length} refused` });
    throw severalSources(failures);
  }
  const catalog = await loadCatalog(config, workspace, heard, { full: options.full ?? false }).catch(
    (error: unknown) => {
      throw explainSystemError(error, workspace.catalogLoads, () => error);
    },
  );
  report.catalog = { status: catalog.status, components: catalog.components, squads: catalog.squads };
  report.skipped.push(...catalog.skipped);
  const asked = await loadCloudBilling({ config, workspace, full: options.full ?? false }, heard);
  if (asked) {
    const { skipped, ...cloudBilling } = asked;
    report.cloudBilling = cloudBilling;
    report.skipped.push(...skipped);
  }
  return report;
}

function selectedSources(config: Config, names: string[] | undefined): SourceConfig[] {
  if (!names || names.length === 0) return config.sources;
  return names.map((name) => {
    const source = config.sources.find((candidate) => candidate.name === name);
    if (source) return source;
    throw new WorthwhileError('USAGE', `there is no source "${name}"`, {
      on: config.path,
      fix: `name one of: ${config.sources.map((known) => known.name).join(', ')}`,
    });
  });
}

function checkedDay(since: string | undefined): string | null {
  if (since === undefined) return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(since) && !Number.isNaN(Date.parse(since))) return since;
  throw new WorthwhileError('USAGE', `--since ${since} is not a day`, { fix: 'write it as YYYY-MM-DD' });
}

function sharedDatabase(
  config: Config,
  spillDirectory: string,
): { connect: () => Promise<DuckDBConnection>; another: () => Promise<DuckDBConnection>; close: () => void } {
  let opening: Promise<Database> | null = null;
  let opened: Database | null = null;
  const { memory, threads } = config.resources;
  const settings = { spillDirectory, ...(memory && { memoryLimit: memory }), ...(threads && { threads }) };
  const open = async (): Promise<Database> => {
    opening ??= openDatabase(settings);
    opened = await opening;
    return opened;
  };
  return {
    connect: async () => (await open()).connection,
    another: async () => (await open()).connect(),
    close: () => opened?.close(),
  };
}

function severalSources(failures: WorthwhileError[]): WorthwhileError {
  if (failures.length === 1) return failures[0]!;
  const first = failures[0]!;
  return new WorthwhileError(first.code, failures.map((failure) => failure.message).join('\n'), { cause: first });
}
