import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiFault, type Effect, type FaultPlan, type LoggedRequest } from './faults.ts';
import { jobResource, type Job, type JobRequest, type Jobs, type QuerySettings } from './jobs.ts';
import { fieldOfColumn } from './schema.ts';
import { ARRIVAL, type StandInTables } from './tables.ts';
import { totalRows, type ResultSet } from './values.ts';
import type { QueryEngine } from './engine.ts';

export interface RestWorld {
  tables: StandInTables;
  engine: QueryEngine;
  jobs: Jobs;
  faults: FaultPlan;
  log: (request: LoggedRequest) => void;
  /** Most rows to a page, as though the next would burst BigQuery's 10 MB. */
  pageRows: number;
  /** Rows of one answer of the Storage Read API; BigQuery's have some thousands. */
  batchRows: number;
  /** How many polls a query job answers as running before it is done. */
  runningPolls: number;
  /** Called with every request before it is answered. */
  onRequest: ((request: LoggedRequest) => void | Promise<void>) | null;
}

interface Asked {
  project: string;
  path: string[];
  query: URLSearchParams;
  body: unknown;
}

/** JSON text of an answer, and what the request was for. */
interface Answer {
  request: LoggedRequest;
  text: () => Promise<string> | string;
}

/** Answers one request of the REST API: https://cloud.google.com/bigquery/docs/reference/rest */
export async function answerRest(world: RestWorld, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const asked = await readRequest(message);
    const answer = await routed(world, message.method ?? 'GET', asked);
    world.log(answer.request);
    await world.onRequest?.(answer.request);
    const effects = world.faults.strike(answer.request.sort);
    await suffer(effects);
    const text = await answer.text();
    send(response, 200, text, effects.find((effect) => effect.kind === 'cut')?.after);
  } catch (error) {
    const fault =
      error instanceof ApiFault ? error : new ApiFault(500, 'internalError', String((error as Error).stack));
    send(response, fault.status, JSON.stringify(fault.body));
  }
}

/** Waits, changes the world or throws, as the effects say; a cut is left to whoever sends. */
export async function suffer(effects: Effect[]): Promise<void> {
  for (const effect of effects) {
    if (effect.kind === 'delay') await pause(effect.milliseconds);
    if (effect.kind === 'meanwhile') await effect.work();
    if (effect.kind === 'refuse') {
      throw new ApiFault(
        effect.status,
        effect.reason,
        effect.message ?? `refused with ${effect.status} ${effect.reason}`,
      );
    }
  }
}

function send(response: ServerResponse, status: number, text: string, cutAfter?: number): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', 'content-length': bytes.length });
  if (cutAfter === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, cutAfter), () => response.socket?.destroy());
}

async function readRequest(message: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  const [project, ...path] = url.pathname
    .replace(/^\/bigquery\/v2\/projects\//, '')
    .split('/')
    .map(decodeURIComponent);
  const text = Buffer.concat(chunks).toString();
  return { project: project!, path, query: url.searchParams, body: text === '' ? null : JSON.parse(text) };
}

async function routed(world: RestWorld, method: string, asked: Asked): Promise<Answer> {
  const { project, path, query, body } = asked;
  const route = `${method} ${path.map((part, index) => (index % 2 === 0 ? part : '*')).join('/')}`;
  switch (route) {
    case 'POST jobs':
      return insertedJob(world, jobRequest(project, body as InsertedJob));
    case 'POST queries':
      return queried(world, project, body as QueryRequestBody);
    case 'GET jobs/*': {
      const job = world.jobs.find(project, path[1]!, query.get('location'));
      return { request: { sort: 'job' }, text: () => JSON.stringify(jobResource(job)) };
    }
    case 'GET queries/*':
      return resultPage(world, world.jobs.find(project, path[1]!, query.get('location')), query);
    case 'GET datasets/*':
      return dataset(world, project, path[1]!);
    case 'GET datasets/*/tables/*':
      return table(world, project, path[1]!, path[3]!);
    case 'GET datasets/*/tables/*/data':
      return tableData(world, asked);
    default:
      throw new ApiFault(404, 'notFound', `the stand-in does not know ${method} /${path.join('/')}`);
  }
}

interface InsertedJob {
  jobReference?: { jobId?: string; location?: string };
  configuration: { dryRun?: boolean; labels?: Record<string, string>; query: QuerySettings };
}

function jobRequest(project: string, { jobReference, configuration }: InsertedJob): JobRequest {
  return {
    project,
    jobId: jobReference?.jobId,
    location: jobReference?.location,
    dryRun: configuration.dryRun ?? false,
    labels: configuration.labels,
    settings: configuration.query,
  };
}

async function insertedJob(world: RestWorld, request: JobRequest): Promise<Answer> {
  const { sort, plan } = await world.jobs.understand(request);
  const logged = loggedQuery(request, sort, plan);
  return {
    request: logged,
    text: async () =>
      JSON.stringify(jobResource(await world.jobs.run(request, plan, request.dryRun ? 0 : world.runningPolls))),
  };
}

interface QueryRequestBody extends QuerySettings {
  location?: string;
  labels?: Record<string, string>;
  maxResults?: number;
  dryRun?: boolean;
  formatOptions?: { useInt64Timestamp?: boolean };
}

async function queried(world: RestWorld, project: string, body: QueryRequestBody): Promise<Answer> {
  const request: JobRequest = {
    project,
    location: body.location,
    dryRun: body.dryRun ?? false,
    labels: body.labels,
    settings: body,
  };
  const { sort, plan } = await world.jobs.understand(request);
  return {
    request: loggedQuery(request, sort, plan),
    text: async () => {
      const job = await world.jobs.run(request, plan);
      const options = {
        from: 0,
        count: body.maxResults ?? world.pageRows,
        int64: body.formatOptions?.useInt64Timestamp,
      };
      return resultText(world, job, { ...options, int64: options.int64 ?? false });
    },
  };
}

function loggedQuery(
  request: JobRequest,
  sort: LoggedRequest['sort'],
  plan: { tables: { name: string }[]; bytesProcessed: number },
): LoggedRequest {
  return {
    sort,
    sql: request.settings.query,
    labels: request.labels ?? {},
    bytesProcessed: plan.bytesProcessed,
    ...(plan.tables[0] && { table: plan.tables[0].name }),
  };
}

function resultPage(world: RestWorld, job: Job, query: URLSearchParams): Answer {
  if (job.runningPolls > 0) {
    const { project: projectId, jobId, location } = job;
    const running = { jobComplete: false, jobReference: { projectId, jobId, location } };
    return { request: { sort: 'job' }, text: () => (job.runningPolls--, JSON.stringify(running)) };
  }
  const page = pageOf(query, world.pageRows);
  const request: LoggedRequest = { sort: page.count === 0 ? 'job' : 'page', ...(job.table && { table: job.table }) };
  return { request, text: () => resultText(world, job, page) };
}

interface Page {
  from: number;
  count: number;
  int64: boolean;
}

function pageOf(query: URLSearchParams, pageRows: number): Page {
  const from = Number(query.get('pageToken') ?? query.get('startIndex') ?? 0);
  const count = Number(query.get('maxResults') ?? pageRows);
  return { from, count, int64: query.get('formatOptions.useInt64Timestamp') === 'true' };
}

function resultText(world: RestWorld, job: Job, { from, count, int64 }: Page): string {
  const { project: projectId, jobId, location, result } = job;
  const facts = {
    kind: 'bigquery#queryResponse',
    jobReference: { projectId, jobId, location },
    jobComplete: true,
    schema: { fields: result.fields },
    totalRows: String(totalRows(result)),
    totalBytesProcessed: String(job.bytesProcessed),
    totalBytesBilled: String(job.bytesBilled),
    cacheHit: false,
  };
  return withRows(world, facts, result, { from, count, int64 });
}

function withRows(world: RestWorld, facts: object, result: ResultSet, { from, count, int64 }: Page): string {
  const size = Math.min(count, world.pageRows);
  const next = from + size < totalRows(result) ? { pageToken: String(from + size) } : {};
  const head = JSON.stringify({ ...facts, ...next }).slice(0, -1);
  return `${head},"rows":${world.jobs.page(result, from, size, int64)}}`;
}

function dataset({ tables }: RestWorld, project: string, id: string): Answer {
  const [first] = tables.inDataset(project, id);
  if (!first) throw new ApiFault(404, 'notFound', `Not found: Dataset ${project}:${id}`);
  const resource = {
    kind: 'bigquery#dataset',
    id: `${project}:${id}`,
    datasetReference: { projectId: project, datasetId: id },
    location: first.location,
  };
  return { request: { sort: 'dataset' }, text: () => JSON.stringify(resource) };
}

function table(world: RestWorld, projectId: string, datasetId: string, decorated: string): Answer {
  const { tables, jobs } = world;
  const tableId = decorated.split('$')[0]!;
  const tableReference = { projectId, datasetId, tableId };
  const name = `${projectId}.${datasetId}.${tableId}`;
  const text = async (): Promise<string> => {
    const found = tables.get(name);
    const job = found ? undefined : jobs.ofResultTable(projectId, tableId);
    if (job) {
      const { fields } = job.result;
      const numRows = String(totalRows(job.result));
      return JSON.stringify({
        kind: 'bigquery#table',
        tableReference,
        schema: { fields },
        numRows,
        location: job.location,
      });
    }
    if (!found) throw new ApiFault(404, 'notFound', `Not found: Table ${projectId}:${datasetId}.${tableId}`);
    const columns = (await tables.columns(found)).filter(({ isPseudo }) => !isPseudo);
    const { partitionColumn, partitionType: type } = found;
    const field = partitionColumn === ARRIVAL ? {} : { field: partitionColumn };
    return JSON.stringify({
      kind: 'bigquery#table',
      id: `${projectId}:${datasetId}.${tableId}`,
      tableReference,
      type: 'TABLE',
      schema: { fields: columns.map(fieldOfColumn) },
      numRows: String(await tables.count(found)),
      numBytes: String(await tables.bytes(found, columns, null)),
      location: found.location,
      ...(partitionColumn !== null && { timePartitioning: { type, ...field } }),
      ...(found.requirePartitionFilter && { requirePartitionFilter: true }),
    });
  };
  return { request: { sort: 'table', table: name }, text };
}

/** `tabledata.list`, of a whole table, of one partition (`table$20261001`), or of a query's anonymous result. */
async function tableData(world: RestWorld, { project, path, query }: Asked): Promise<Answer> {
  const [id, decorator] = path[3]!.split('$') as [string, string?];
  const name = `${project}.${path[1]!}.${id}`;
  const result = world.jobs.ofResultTable(project, id)?.result ?? (await wholeTable(world, name, decorator));
  const facts = { kind: 'bigquery#tableDataList', totalRows: String(totalRows(result)) };
  const page = pageOf(query, world.pageRows);
  return {
    request: { sort: page.from === 0 ? 'pull' : 'page', table: name },
    text: () => withRows(world, facts, result, page),
  };
}

async function wholeTable({ engine, tables }: RestWorld, name: string, decorator?: string): Promise<ResultSet> {
  const column = tables.get(name)?.partitionColumn;
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(decorator ?? '') ?? [];
  if (decorator !== undefined && (day === undefined || column == null)) {
    throw new ApiFault(400, 'invalid', `Invalid date partitioned table name ${name}$${decorator}`);
  }
  const restriction = day === undefined ? '' : ` WHERE DATE(${column}) = DATE '${year}-${month}-${day}'`;
  const plan = await engine.plan({ sql: `SELECT * FROM \`${name}\`${restriction}`, project: '', parameters: [] });
  return plan.run();
}
