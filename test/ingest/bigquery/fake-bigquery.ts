import { setImmediate as turn } from 'node:timers/promises';
import type { ApiCall, BigQueryApi } from '../../../ingest/bigquery/client.ts';
import type { TableField } from '../../../ingest/bigquery/field.ts';
import type { JsonCell, JsonRow } from '../../../ingest/bigquery/json-values.ts';
import type { TableMetadata } from '../../../ingest/bigquery/live-table.ts';

/** One row of the fake's detailed export. Amounts are doubles as text; times are microseconds. */
export interface FakeRow {
  day: string;
  cost: string;
  credit?: string;
  currency?: string;
  exportTime?: string;
}

const nullable = (name: string, type: string, fields?: TableField[]): TableField => ({
  name,
  type,
  mode: 'NULLABLE',
  ...(fields && { fields }),
});
const repeated = (name: string, fields: TableField[]): TableField => ({
  name,
  type: 'RECORD',
  mode: 'REPEATED',
  fields,
});
const text = (...names: string[]): TableField[] => names.map((name) => nullable(name, 'STRING'));

export const LIVE_FIELDS: TableField[] = [
  ...text('billing_account_id'),
  nullable('service', 'RECORD', text('id', 'description')),
  nullable('sku', 'RECORD', text('id', 'description')),
  nullable('usage_start_time', 'TIMESTAMP'),
  nullable('project', 'RECORD', [...text('id', 'number', 'name'), repeated('labels', text('key', 'value'))]),
  repeated('labels', text('key', 'value')),
  nullable('export_time', 'TIMESTAMP'),
  nullable('cost', 'FLOAT'),
  ...text('currency'),
  repeated('credits', [...text('name'), nullable('amount', 'FLOAT'), ...text('type')]),
  nullable('invoice', 'RECORD', text('month')),
];

const cell = (v: JsonCell): { v: JsonCell } => ({ v });
const record = (...cells: JsonCell[]): JsonCell => ({ f: cells.map(cell) });
const micros = (iso: string): string => `${BigInt(Date.parse(iso)) * 1000n}`;
const EXPORTED = '2026-10-02T01:02:03Z';

/** A whole failure as Google's client throws it. */
export function googleError(code: number, reason: string, message = reason): Error {
  return Object.assign(new Error(message), { code, errors: [{ reason, message }] });
}

/**
 * BigQuery's REST API over rows in memory, for the four statements that a pull makes. `calls` lists what was asked; `before`
 * runs ahead of each call and may throw, or change the rows.
 */
export class FakeBigQuery {
  rows: FakeRow[];
  metadata: TableMetadata = {
    type: 'TABLE',
    location: 'EU',
    schema: { fields: LIVE_FIELDS },
    timePartitioning: { type: 'DAY' },
  };
  bytes = '1048576';
  pageRows = 2;
  calls: ApiCall[] = [];
  /** Answers of its own, by statement. */
  answers = new Map<string, { schema: TableField[]; rows: JsonRow[] }>();
  before: (call: ApiCall, sql: string) => void = () => {};
  readonly #jobs = new Map<string, { sql: string; schema: TableField[]; rows: JsonRow[] }>();

  constructor(rows: FakeRow[]) {
    this.rows = rows;
  }

  /** The statements of the jobs that ran, without dry runs. */
  get statements(): string[] {
    return this.calls.flatMap((call) => (call.method === 'POST' && !isDryRun(call) ? [sqlOf(call)] : []));
  }

  get dryRuns(): string[] {
    return this.calls.flatMap((call) => (call.method === 'POST' && isDryRun(call) ? [sqlOf(call)] : []));
  }

  readonly api: BigQueryApi = async <Answer>(call: ApiCall): Promise<Answer> => {
    await turn();
    this.calls.push(call);
    this.before(call, call.method === 'POST' ? sqlOf(call) : '');
    return this.#answer(call) as Answer;
  };

  #answer(call: ApiCall): unknown {
    if (call.path.startsWith('datasets/')) return this.metadata;
    if (call.method === 'POST') {
      if (isDryRun(call)) return { statistics: { totalBytesProcessed: this.bytes } };
      const { jobReference } = call.body as { jobReference: { jobId: string } };
      this.#jobs.set(jobReference.jobId, { sql: sqlOf(call), ...this.#evaluate(sqlOf(call)) });
      return { jobReference: { ...jobReference, location: 'EU' }, status: { state: 'RUNNING' } };
    }
    const [kind, id] = call.path.split('/');
    const job = this.#jobs.get(id!)!;
    if (kind === 'jobs') {
      return {
        status: { state: 'DONE' },
        statistics: { totalBytesProcessed: '100', query: { totalBytesBilled: '10485760' } },
        configuration: { query: { destinationTable: { projectId: 'p', datasetId: '_anon', tableId: id } } },
      };
    }
    const from = Number(call.query?.['pageToken'] ?? 0);
    const to = Math.min(job.rows.length, from + Math.min(this.pageRows, Number(call.query?.['maxResults'])));
    return {
      jobComplete: true,
      schema: { fields: job.schema },
      totalRows: String(job.rows.length),
      rows: job.rows.slice(from, to),
      ...(to < job.rows.length && call.query?.['maxResults'] !== 0 && { pageToken: String(to) }),
    };
  }

  #evaluate(sql: string): { schema: TableField[]; rows: JsonRow[] } {
    const answer = this.answers.get(sql);
    if (answer) return answer;
    const { fields } = this.metadata.schema!;
    if (sql.includes('GROUP BY partition_value')) return this.#probe();
    const day = /_PARTITIONTIME` = TIMESTAMP '([\d-]{10})/.exec(sql)?.[1];
    const rows = this.rows.filter((row) => row.day === day);
    if (sql.includes('x_rows')) return sums(rows);
    const names = [...sql.matchAll(/`(\w+)`(?=[, ])/g)].map(([, name]) => name!);
    const selected = fields!.filter(({ name }) => names.includes(name));
    return { schema: selected, rows: rows.map((row) => ({ f: selected.map(({ name }) => cell(valueOf(row, name))) })) };
  }

  #probe(): { schema: TableField[]; rows: JsonRow[] } {
    const days = [...new Set(this.rows.map(({ day }) => day))];
    return {
      schema: [
        nullable('partition_value', 'TIMESTAMP'),
        nullable('row_count', 'INTEGER'),
        nullable('newest', 'TIMESTAMP'),
      ],
      rows: days.map((day) => {
        const rows = this.rows.filter((row) => row.day === day);
        const value = day === 'none' ? null : micros(`${day}T00:00:00Z`);
        return { f: [cell(value), cell(String(rows.length)), cell(newest(rows))] };
      }),
    };
  }
}

function newest(rows: FakeRow[]): string {
  return rows
    .map(({ exportTime = EXPORTED }) => micros(exportTime))
    .sort()
    .at(-1)!;
}

function sums(rows: FakeRow[]): { schema: TableField[]; rows: JsonRow[] } {
  const currencies = [...new Set(rows.map(({ currency = 'USD' }) => currency))];
  const nanos = (value: string): number => Math.round(Number(value) * 1e9);
  return {
    schema: text('x_currency', 'x_rows', 'x_newest', 'sum_0', 'sum_1', 'sum_2'),
    rows: currencies.map((currency) => {
      const own = rows.filter((row) => (row.currency ?? 'USD') === currency);
      const credits = own.filter(({ credit }) => credit !== undefined);
      return {
        f: [
          currency,
          String(own.length),
          newest(own),
          String(own.reduce((sum, { cost }) => sum + nanos(cost), 0)),
          credits.length === 0 ? null : String(credits.reduce((sum, { credit }) => sum + nanos(credit!), 0)),
          String(credits.length),
        ].map(cell),
      };
    }),
  };
}

function valueOf(row: FakeRow, column: string): JsonCell {
  const values: Record<string, JsonCell> = {
    billing_account_id: '010101-F0FFF0-61C528',
    service: record('6F81-5844-456A', 'Compute Engine'),
    sku: record('2E27-4F75-95CD', 'N1 Core'),
    usage_start_time: micros('2026-10-01T08:00:00Z'),
    project: row.day === '2026-10-03' ? null : record('playlists', '1', null, []),
    labels: [cell(record('component', 'playlist-api'))],
    export_time: micros(row.exportTime ?? EXPORTED),
    cost: row.cost,
    currency: row.currency ?? 'USD',
    credits: row.credit === undefined ? [] : [cell(record('SUD', row.credit, null))],
    invoice: record('202610'),
  };
  return values[column] ?? null;
}

const isDryRun = ({ body }: ApiCall): boolean =>
  (body as { configuration: { dryRun?: boolean } }).configuration.dryRun === true;
const sqlOf = ({ body }: ApiCall): string =>
  (body as { configuration: { query: { query: string } } }).configuration.query.query;
