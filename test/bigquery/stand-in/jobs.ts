import { randomUUID } from 'node:crypto';
import type { GoogleParameter } from '../../googlesql/evaluator.ts';
import type { PlannedQuery, QueryEngine } from './engine.ts';
import { ApiFault, type RequestSort } from './faults.ts';
import { parameterType, type RestParameterType } from './schema.ts';
import { restRow, totalRows, type ResultSet } from './values.ts';

const MIB = 1024 ** 2;
/** BigQuery bills at least this much for every table that a query reads. */
const LEAST_BILLED = 10 * MIB;

interface RestParameter {
  name?: string;
  parameterType: RestParameterType;
  parameterValue: { value?: string | null; arrayValues?: { value: string }[] };
}

/** The settings of a query that `jobs.insert` and `jobs.query` share. */
export interface QuerySettings {
  query: string;
  useLegacySql?: boolean;
  defaultDataset?: { datasetId: string };
  queryParameters?: RestParameter[];
  maximumBytesBilled?: string | number;
}

export interface JobRequest {
  project: string;
  jobId?: string | undefined;
  location?: string | undefined;
  dryRun: boolean;
  labels?: Record<string, string> | undefined;
  settings: QuerySettings;
}

export interface Job {
  project: string;
  jobId: string;
  location: string;
  sort: RequestSort;
  table: string | undefined;
  sql: string;
  labels: Record<string, string>;
  dryRun: boolean;
  bytesProcessed: number;
  bytesBilled: number;
  result: ResultSet;
  createdAt: number;
  /** How many times its results are asked for before it is done. */
  runningPolls: number;
}

/** The jobs that ran, with their results, as an anonymous table each. */
export class Jobs {
  readonly #engine: QueryEngine;
  readonly #jobs = new Map<string, Job>();
  readonly #pages = new WeakMap<ResultSet, Map<boolean, string[]>>();

  constructor(engine: QueryEngine) {
    this.#engine = engine;
  }

  /** What the request asks for, before anything strikes it. */
  async understand(request: JobRequest): Promise<{ sort: RequestSort; plan: PlannedQuery }> {
    const { settings, project } = request;
    if (settings.useLegacySql !== false) throw new ApiFault(400, 'invalidQuery', 'the stand-in speaks GoogleSQL alone');
    const plan = await this.#engine.plan({
      sql: settings.query,
      project,
      ...(settings.defaultDataset && { dataset: settings.defaultDataset.datasetId }),
      ...(request.location && { location: request.location }),
      parameters: (settings.queryParameters ?? []).map(parameterOf),
    });
    return { sort: request.dryRun ? 'dry-run' : plan.sort, plan };
  }

  async run(request: JobRequest, plan: PlannedQuery, runningPolls = 0): Promise<Job> {
    const { jobId = randomUUID(), project, settings } = request;
    if (this.#jobs.has(`${project}.${jobId}`)) {
      throw new ApiFault(409, 'duplicate', `Already Exists: Job ${project}:${plan.location}.${jobId}`);
    }
    const bytesBilled =
      plan.tables.length === 0 ? 0 : Math.max(LEAST_BILLED, Math.ceil(plan.bytesProcessed / MIB) * MIB);
    const limit = Number(settings.maximumBytesBilled ?? Number.POSITIVE_INFINITY);
    if (!request.dryRun && bytesBilled > limit) {
      throw new ApiFault(
        400,
        'bytesBilledLimitExceeded',
        `Query exceeded limit for bytes billed: ${limit}. ${bytesBilled} or higher required.`,
      );
    }
    const result = await (request.dryRun ? plan.analyse() : plan.run());
    const job: Job = {
      project,
      jobId,
      location: plan.location,
      sort: request.dryRun ? 'dry-run' : plan.sort,
      table: plan.tables[0]?.name,
      sql: settings.query,
      labels: request.labels ?? {},
      dryRun: request.dryRun,
      bytesProcessed: plan.bytesProcessed,
      bytesBilled: request.dryRun ? 0 : bytesBilled,
      result,
      createdAt: Date.now(),
      runningPolls,
    };
    if (!request.dryRun) this.#jobs.set(`${project}.${jobId}`, job);
    return job;
  }

  /** A job is found where it ran: outside the US and EU its location has to be named. */
  find(project: string, jobId: string, location: string | null): Job {
    const job = this.#jobs.get(`${project}.${jobId}`);
    const found = job && (location === null ? ['US', 'EU'].includes(job.location) : location === job.location);
    if (found) return job;
    throw new ApiFault(404, 'notFound', `Not found: Job ${project}:${location ?? 'US'}.${jobId}`);
  }

  /** The job whose anonymous result table this is. */
  ofResultTable(project: string, table: string): Job | undefined {
    return [...this.#jobs.values()].find((job) => job.project === project && resultTable(job).tableId === table);
  }

  /** Rows `[from, from + count)` as the REST API writes them, as JSON text. */
  page(result: ResultSet, from: number, count: number, useInt64Timestamp: boolean): string {
    let spellings = this.#pages.get(result);
    if (!spellings) this.#pages.set(result, (spellings = new Map()));
    let rows = spellings.get(useInt64Timestamp);
    if (!rows) {
      rows = result.rows.map((row) => JSON.stringify(restRow(result.fields, row, useInt64Timestamp)));
      spellings.set(useInt64Timestamp, rows);
    }
    const until = Math.min(from + count, totalRows(result));
    const parts: string[] = [];
    for (let index = from; index < until; index++) parts.push(rows[index % rows.length]!);
    return `[${parts.join(',')}]`;
  }
}

/** The anonymous table in which BigQuery keeps a query's result for a day. */
function resultTable({ project, jobId }: Job): { projectId: string; datasetId: string; tableId: string } {
  return { projectId: project, datasetId: '_anonymous', tableId: `anon${jobId.replaceAll(/\W/g, '')}` };
}

/** The `Job` resource. */
export function jobResource(job: Job): object {
  const { project: projectId, jobId, location } = job;
  const time = String(job.createdAt);
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${location}.${jobId}`,
    jobReference: { projectId, location, ...(!job.dryRun && { jobId }) },
    configuration: {
      jobType: 'QUERY',
      labels: job.labels,
      ...(job.dryRun && { dryRun: true }),
      query: { query: job.sql, useLegacySql: false, destinationTable: resultTable(job) },
    },
    statistics: {
      creationTime: time,
      startTime: time,
      endTime: time,
      totalBytesProcessed: String(job.bytesProcessed),
      query: {
        statementType: 'SELECT',
        totalBytesProcessed: String(job.bytesProcessed),
        totalBytesBilled: String(job.bytesBilled),
        cacheHit: false,
        schema: { fields: job.result.fields },
      },
    },
    status: { state: job.runningPolls > 0 ? 'RUNNING' : 'DONE' },
  };
}

function parameterOf({ name, parameterType: type, parameterValue }: RestParameter): GoogleParameter {
  if (!name) throw new ApiFault(400, 'invalidQuery', 'the stand-in takes named parameters alone');
  const { value, arrayValues } = parameterValue;
  const known = parameterType(type);
  return {
    name: name.toLowerCase(),
    type: known,
    value: type.arrayType ? arrayValues!.map((item) => item.value) : value,
  };
}
