import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { areWhole, fsyncPath, writeFileAtomic } from '../../core/atomic-file.ts';
import type { BigQueryQuery, Config } from '../../core/config/schema.ts';
import { selectRows } from '../../core/duckdb.ts';
import type { Effects, Skipped } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { measureFolder, readMeasure, type MeasureKind, type MeasureManifest } from '../../core/measures.ts';
import type { Workspace } from '../../core/workspace.ts';
import { writeParquet } from '../files/write-parquet.ts';
import { checkMeasure, MEASURE_VALUES } from './check-measure.ts';
import { configuredMeasures, type ConfiguredMeasure } from './configured-measure.ts';
import { readMeasureText, stageMeasureFiles, type MeasureFile } from './measure-text.ts';

/** Runs a query in BigQuery and leaves its rows as one Parquet file at `target`; held to the cost guards of its configuration. */
export type RunQuery = (
  query: BigQueryQuery,
  label: string,
  target: string,
  effects: Effects,
) => Promise<{ pulled: QueryCost }>;

/** What a query took: bytes as decimal integers, the price an exact decimal in US dollars. */
export interface QueryCost {
  bytesProcessed: string;
  bytesBilled: string;
  priceUsd: string;
}

/** What one run did to one driver or metric. */
export interface MeasureReport {
  kind: MeasureKind;
  name: string;
  /** `kept`: nothing is there to read, what was taken in before stays. */
  status: 'landed' | 'unchanged' | 'kept';
  rows: number;
  /** Of its values as Parquet. */
  bytes: number;
  firstPeriod: string;
  lastPeriod: string;
  /** Where it comes from a query. */
  pulled?: QueryCost;
}

export interface MeasuresOutcome {
  reports: MeasureReport[];
  skipped: Skipped[];
  /** One for each measure that was refused; what it had before stays. */
  failures: WorthwhileError[];
}

export interface MeasureRun {
  config: Config;
  workspace: Workspace;
  database: () => Promise<DuckDBConnection>;
  runQuery: RunQuery;
  /** Today on the billing clock. */
  today: string;
}

const TEMPORARY = '.tmp-';

/** Takes in every configured driver and metric, each whole or not at all. One that is refused does not stop the others. */
export async function loadMeasures(run: MeasureRun, effects: Effects): Promise<MeasuresOutcome> {
  const outcome: MeasuresOutcome = { reports: [], skipped: [], failures: [] };
  const measures = configuredMeasures(run.config);
  removeLeftovers(run.workspace);
  for (const [index, measure] of measures.entries()) {
    effects.progress({ step: 'drivers and metrics', fraction: index / measures.length, detail: measure.name });
    const staging = join(run.workspace.measures, `${TEMPORARY}${process.pid}`);
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    try {
      outcome.reports.push(await loadMeasure(run, measure, staging, effects));
    } catch (error) {
      if (!(error instanceof WorthwhileError) || error.code === 'DISK_FULL') throw error;
      const before = readMeasure(run.workspace, measure.kind, measure.name);
      if (error.code !== 'SOURCE_EMPTY' || before === null) outcome.failures.push(error);
      else {
        outcome.reports.push(reportOf(before, 'kept'));
        outcome.skipped.push({ what: measure.label, why: `${error.reason}; what was taken in before stays` });
      }
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
  return outcome;
}

/** Removes what a killed run left. Safe under the workspace lock: only one run writes. */
function removeLeftovers({ measures }: Workspace): void {
  if (!existsSync(measures)) return;
  for (const name of readdirSync(measures)) {
    if (name.startsWith(TEMPORARY)) rmSync(join(measures, name), { recursive: true, force: true });
  }
}

async function loadMeasure(
  run: MeasureRun,
  measure: ConfiguredMeasure,
  staging: string,
  effects: Effects,
): Promise<MeasureReport> {
  const { workspace, database } = run;
  const queried = measure.bigquery ? await query(run, measure, staging, effects) : null;
  const files = queried ? [queried.file] : await stageMeasureFiles(measure, run.config, staging);
  const report = (manifest: MeasureManifest, status: MeasureReport['status']): MeasureReport => ({
    ...reportOf(manifest, status),
    ...(queried && { pulled: queried.pulled }),
  });
  const inputs = files.map(({ origin, sha256 }) => ({ path: origin, sha256 }));
  const before = readWhole(workspace, measure);
  if (before && JSON.stringify(before.inputs) === JSON.stringify(inputs)) return report(before, 'unchanged');
  const connection = await database();
  const { unit, ignored } = await readMeasureText(connection, measure, files);
  const { roundedRows } = await checkMeasure(connection, { measure, files, unit });
  if (ignored.length > 0) effects.warn(`${measure.label}: columns that are not read: ${ignored.join(', ')}`);
  if (roundedRows > 0) {
    effects.warn(`${measure.label}: ${roundedRows} rows have more than 9 decimal places; rounded to the 9th`);
  }
  const facts = await factsOf(connection, run.today);
  if (facts.rows === '0') throw noRows(measure, files);
  if (facts.future !== '0') {
    effects.warn(`${measure.label}: ${facts.future} rows are of a time to come, up to ${facts.lastPeriod}`);
  }
  const values = await writeParquet(connection, VALUES_IN_ORDER, join(staging, 'values.parquet'));
  const folder = measureFolder(workspace, measure.kind, measure.name);
  const manifest: MeasureManifest = {
    version: 1,
    kind: measure.kind,
    name: measure.name,
    unit,
    rows: Number(facts.rows),
    sha256: facts.sha256,
    inputs,
    file: { name: `values-${facts.sha256.slice(0, 16)}.parquet`, bytes: values.bytes },
    firstPeriod: facts.firstPeriod,
    lastPeriod: facts.lastPeriod,
    pulledAt: before?.sha256 === facts.sha256 ? before.pulledAt : effects.now().toISOString(),
  };
  effects.assertHeld?.();
  mkdirSync(folder, { recursive: true });
  renameSync(values.path, join(folder, manifest.file.name));
  fsyncPath(folder);
  writeFileAtomic(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const name of readdirSync(folder)) {
    if (name !== 'manifest.json' && name !== manifest.file.name) rmSync(join(folder, name), { force: true });
  }
  return report(manifest, before?.sha256 === facts.sha256 ? 'unchanged' : 'landed');
}

/** A query has no token that says whether its rows changed, so it runs each time; equal rows change nothing. */
async function query(
  run: MeasureRun,
  measure: ConfiguredMeasure,
  staging: string,
  effects: Effects,
): Promise<{ file: MeasureFile; pulled: QueryCost }> {
  const path = join(staging, 'query.parquet');
  const { pulled } = await run.runQuery(measure.bigquery!, measure.label, path, effects);
  const sha256 = await digestOfRows(run, path);
  return { file: { path, format: 'parquet', origin: `the query of ${measure.label}`, sha256 }, pulled };
}

/** Rows in an order of their own, for a query's order is not promised. */
async function digestOfRows({ database }: MeasureRun, path: string): Promise<string> {
  const [row] = await selectRows<{ sha256: string }>(
    await database(),
    'SELECT sha256(coalesce(string_agg(line, chr(10) ORDER BY line), $2::VARCHAR)) AS sha256 FROM (SELECT CAST(rows AS VARCHAR) AS line FROM read_parquet($1::VARCHAR) AS rows)',
    [path, ''],
  );
  return row!.sha256;
}

const VALUES_IN_ORDER = `SELECT x_PeriodStart, x_PeriodEnd, x_Consumer, x_ConsumerScope, x_ConsumerValue, x_Value
  FROM ${MEASURE_VALUES} ORDER BY ALL`;

interface Facts {
  rows: string;
  sha256: string;
  firstPeriod: string;
  lastPeriod: string;
  future: string;
}

async function factsOf(connection: DuckDBConnection, today: string): Promise<Facts> {
  const [facts] = await selectRows<Facts>(
    connection,
    `SELECT count(*) AS "rows", coalesce(sha256(string_agg(line, chr(10) ORDER BY line)), '') AS sha256,
       CAST(min(x_PeriodStart) AS VARCHAR) AS "firstPeriod", CAST(max(x_PeriodStart) AS VARCHAR) AS "lastPeriod",
       count(*) FILTER (WHERE x_PeriodStart > $1::VARCHAR::DATE) AS future
     FROM (SELECT x_PeriodStart, concat_ws('|', x_PeriodStart, x_PeriodEnd, x_Value, x_Consumer) AS line FROM ${MEASURE_VALUES})`,
    [today],
  );
  return facts!;
}

/** The manifest, where its values are there in full. */
function readWhole(workspace: Workspace, { kind, name }: ConfiguredMeasure): MeasureManifest | null {
  const manifest = readMeasure(workspace, kind, name);
  return manifest && areWhole(measureFolder(workspace, kind, name), [manifest.file]) ? manifest : null;
}

function reportOf(manifest: MeasureManifest, status: MeasureReport['status']): MeasureReport {
  const { kind, name, rows, file, firstPeriod, lastPeriod } = manifest;
  return { kind, name, status, rows, bytes: file.bytes, firstPeriod, lastPeriod };
}

function noRows({ label }: ConfiguredMeasure, files: MeasureFile[]): WorthwhileError {
  return new WorthwhileError('SOURCE_EMPTY', `${label} has no rows`, {
    on: files.map(({ origin }) => origin).join(', '),
    fix: 'see that what writes it has finished',
  });
}
