import { randomUUID } from 'node:crypto';
import type { BigQueryQuery } from '../../core/config/schema.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { BigQueryApi } from './client.ts';
import { JobFailure, type FaultScene } from './faults.ts';
import type { TableField } from './field.ts';
import type { JsonRow } from './json-values.ts';
import { withRetries, type RetryPolicy } from './retry.ts';

/** What jobs run with: who asks, who pays, how much at most, and what it has come to so far. */
export interface QueryContext {
  api: BigQueryApi;
  settings: Pick<BigQueryQuery, 'project' | 'jobProject' | 'maximumBytesBilled' | 'labels' | 'pricePerTiB'>;
  /** Where jobs run; null where BigQuery may find out. */
  location: string | null;
  retries: RetryPolicy;
  meter: Meter;
}

/** What the jobs of one source have read and cost. */
export interface Meter {
  queries: number;
  bytesProcessed: bigint;
  bytesBilled: bigint;
}

export const newMeter = (): Meter => ({ queries: 0, bytesProcessed: 0n, bytesBilled: 0n });

export interface TableReference {
  projectId: string;
  datasetId: string;
  tableId: string;
}

/** A query that has run; its rows lie in an anonymous table of BigQuery's for a day and never change. */
export interface FinishedQuery {
  jobId: string;
  location: string | null;
  schema: TableField[];
  rows: number;
  /** Null where the server keeps no such table. */
  destination: TableReference | null;
}

interface JobAnswer {
  jobReference?: { jobId?: string; location?: string };
  status?: { state?: string; errorResult?: { reason?: string; message?: string } };
  statistics?: { totalBytesProcessed?: string; query?: { totalBytesProcessed?: string; totalBytesBilled?: string } };
  configuration?: { query?: { destinationTable?: TableReference } };
}

interface ResultsAnswer {
  jobComplete?: boolean;
  schema?: { fields?: TableField[] };
  totalRows?: string;
  pageToken?: string;
  rows?: JsonRow[];
}

const LONG_POLL_MS = 10_000;
const BETWEEN_POLLS_MS = 500;
const JOB_TRIES = 3;
/** Rows a page may have; BigQuery itself ends a page at some 10 MB. */
const PAGE_ROWS = 5000;

export const jobProjectOf = ({ jobProject, project }: QueryContext['settings']): string => jobProject ?? project;

/** The bytes a query would read, without running it. */
export async function dryRun(context: QueryContext, sql: string): Promise<bigint> {
  const answer = await withRetries(context.retries, () =>
    context.api<JobAnswer>({
      method: 'POST',
      project: jobProjectOf(context.settings),
      path: 'jobs',
      body: {
        jobReference: { projectId: jobProjectOf(context.settings), ...locationOf(context) },
        configuration: { dryRun: true, labels: labelsOf(context), query: { query: sql, useLegacySql: false } },
      },
    }),
  );
  const { totalBytesProcessed, query } = answer.statistics ?? {};
  return BigInt(totalBytesProcessed ?? query?.totalBytesProcessed ?? '0');
}

/**
 * Runs a query to its end. Requests are asked again where that may help; a job that failed for a passing reason is run anew.
 * `maximumBytesBilled` goes with every job, so that BigQuery itself refuses one that would read more.
 */
export async function runQuery(context: QueryContext, sql: string): Promise<FinishedQuery> {
  return withRetries({ ...context.retries, attempts: JOB_TRIES }, () => runJob(context, sql), isJobFailure);
}

const isJobFailure = (error: unknown): boolean => error instanceof JobFailure;

async function runJob(context: QueryContext, sql: string): Promise<FinishedQuery> {
  const { api, settings, meter, retries } = context;
  const project = jobProjectOf(settings);
  const jobId = `worthwhile_${randomUUID().replaceAll('-', '')}`;
  const inserted = await withRetries(retries, () => insertJob(context, jobId, sql));
  const location = inserted?.jobReference?.location ?? context.location;
  const id = inserted?.jobReference?.jobId ?? jobId;
  const where: Record<string, string> = location ? { location } : {};
  meter.queries += 1;
  let job = inserted;
  let results: ResultsAnswer | null = null;
  for (;;) {
    results = await firstResults(context, id, where);
    job = await withRetries(retries, () =>
      api<JobAnswer>({ method: 'GET', project, path: `jobs/${id}`, query: where }),
    );
    if (job.status?.errorResult) throw new JobFailure(job.status.errorResult);
    if (job.status?.state === 'DONE') break;
    if (!results) await retries.pause(BETWEEN_POLLS_MS);
  }
  if (!results?.jobComplete) results = await withRetries(retries, () => finishedResults(context, id, where));
  const { totalBytesProcessed, query } = job.statistics ?? {};
  meter.bytesProcessed += BigInt(totalBytesProcessed ?? query?.totalBytesProcessed ?? '0');
  meter.bytesBilled += BigInt(query?.totalBytesBilled ?? '0');
  return {
    jobId: id,
    location,
    schema: results.schema?.fields ?? [],
    rows: Number(results.totalRows ?? '0'),
    destination: job.configuration?.query?.destinationTable ?? null,
  };
}

/** The job's id is ours, so an insertion that was cut off and asked again finds the job there (409) instead of paying twice. */
async function insertJob(context: QueryContext, jobId: string, sql: string): Promise<JobAnswer | null> {
  const projectId = jobProjectOf(context.settings);
  try {
    return await context.api<JobAnswer>({
      method: 'POST',
      project: projectId,
      path: 'jobs',
      body: {
        jobReference: { projectId, jobId, ...locationOf(context) },
        configuration: {
          labels: labelsOf(context),
          query: {
            query: sql,
            useLegacySql: false,
            maximumBytesBilled: context.settings.maximumBytesBilled.toString(),
          },
        },
      },
    });
  } catch (error) {
    if ((error as { code?: number }).code === 409) return null;
    throw error;
  }
}

/** Waits at the server for the job to end. Whatever goes wrong here, the job's own state says what it means. */
async function firstResults(
  context: QueryContext,
  jobId: string,
  where: Record<string, string>,
): Promise<ResultsAnswer | null> {
  try {
    return await askResults(context, jobId, { ...where, maxResults: 0, timeoutMs: LONG_POLL_MS });
  } catch {
    return null; // the state of the job is asked next
  }
}

/** An answer that is not complete has no rows and no schema, and must never be taken for an empty result. */
async function finishedResults(
  context: QueryContext,
  jobId: string,
  where: Record<string, string>,
): Promise<ResultsAnswer> {
  const results = await askResults(context, jobId, { ...where, maxResults: 0, timeoutMs: LONG_POLL_MS });
  if (results.jobComplete) return results;
  throw Object.assign(new Error(`job ${jobId} is done and its results are not there yet`), { code: 503 });
}

function askResults(
  context: QueryContext,
  jobId: string,
  query: Record<string, string | number>,
): Promise<ResultsAnswer> {
  return context.api<ResultsAnswer>({
    method: 'GET',
    project: jobProjectOf(context.settings),
    path: `queries/${jobId}`,
    query: { 'formatOptions.useInt64Timestamp': true, ...query },
  });
}

/** The rows of a query, page by page as JSON. A page that was cut off is asked for again by its token, so no row comes twice. */
export async function* resultPages(
  context: QueryContext,
  { jobId, location }: FinishedQuery,
): AsyncGenerator<JsonRow[]> {
  let pageToken: string | undefined;
  do {
    const page: ResultsAnswer = await withRetries(context.retries, () =>
      askResults(context, jobId, {
        ...(location && { location }),
        ...(pageToken && { pageToken }),
        maxResults: PAGE_ROWS,
      }),
    );
    if (page.rows && page.rows.length > 0) yield page.rows;
    pageToken = page.pageToken;
  } while (pageToken);
}

/** The error for rows that did not arrive. */
export function shortOfRows({ jobId, rows }: FinishedQuery, arrived: number): WorthwhileError {
  return new WorthwhileError('SOURCE_INCOMPLETE', `${arrived} of ${rows} rows of a query arrived`, {
    on: jobId,
    fix: 'run again; nothing of it was taken in',
  });
}

/** Every row of a small query. */
export async function selectAll(
  context: QueryContext,
  sql: string,
): Promise<{ schema: TableField[]; rows: JsonRow[] }> {
  const finished = await runQuery(context, sql);
  const rows: JsonRow[] = [];
  for await (const page of resultPages(context, finished)) rows.push(...page);
  if (rows.length !== finished.rows) throw shortOfRows(finished, rows.length);
  return { schema: finished.schema, rows };
}

function labelsOf({ settings }: QueryContext): Record<string, string> {
  return { ...settings.labels, app: 'worthwhile' };
}

function locationOf({ location }: QueryContext): { location?: string } {
  return location ? { location } : {};
}

/** The scene of a failure with these jobs. */
export function sceneOf(context: QueryContext, on: string): FaultScene {
  return {
    on,
    jobProject: jobProjectOf(context.settings),
    location: context.location,
    maximumBytesBilled: context.settings.maximumBytesBilled,
  };
}
