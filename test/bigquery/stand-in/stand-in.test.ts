import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BigQuery } from '@google-cloud/bigquery';
import { BigQueryReadClient } from '@google-cloud/bigquery-storage';
import { tableFromIPC } from 'apache-arrow';
import { grpc } from 'google-gax';
import { startStandIn, type StandIn } from './server.ts';

process.env['METADATA_SERVER_DETECTION'] = 'none';

let standIn: StandIn;
let client: BigQuery;

const ROWS = `
  SELECT i AS id, 9007199254740993 + i AS big, CAST('0.1' AS DECIMAL(38,9)) + i AS money, 0.1::DOUBLE + i AS cost,
    TIMESTAMPTZ '2026-10-01 08:00:00.123456+00' + to_hours(i::INTEGER) AS moment, DATE '2026-10-01' AS day, i % 2 = 0 AS even,
    CASE WHEN i > 0 THEN {'id': 'p' || i, 'labels': [{'key': 'k', 'value': NULL::VARCHAR}]} END AS project,
    CASE WHEN i = 2 THEN []::STRUCT(name VARCHAR, amount DOUBLE)[] ELSE [{'name': 'SUD', 'amount': -0.05::DOUBLE}] END AS credits,
    TIMESTAMPTZ '2026-10-02 00:00:00+00' + to_days((i // 2)::INTEGER) AS _PARTITIONTIME
  FROM range(5) AS t(i)`;

beforeAll(async () => {
  standIn = await startStandIn();
  await standIn.tables.create({ project: 'data', dataset: 'billing', table: 'export', select: ROWS });
  client = new BigQuery({ projectId: 'jobs', apiEndpoint: standIn.apiEndpoint });
});
afterAll(() => standIn.close());
afterEach(() => standIn.reset());

const TABLE = '`data.billing.export`';
const FIRST_DAY = { params: { from: BigQuery.timestamp('2026-10-02T00:00:00Z') } };

describe('the stand-in, asked by the real client', () => {
  it('describes its table, without the pseudo-column', async () => {
    const [metadata] = await client.dataset('billing', { projectId: 'data' }).table('export').getMetadata();

    expect(metadata).toMatchObject({ location: 'EU', numRows: '5', timePartitioning: { type: 'DAY' } });
    expect(
      metadata.schema.fields.map((field: { name: string; type: string }) => `${field.name} ${field.type}`),
    ).toEqual([
      'id INTEGER',
      'big INTEGER',
      'money NUMERIC',
      'cost FLOAT',
      'moment TIMESTAMP',
      'day DATE',
      'even BOOLEAN',
      'project RECORD',
      'credits RECORD',
    ]);
    const [dataset] = await client.dataset('billing', { projectId: 'data' }).getMetadata();
    expect(dataset.location).toBe('EU');
  });

  it('groups by the pseudo-column, with its microseconds and its counts', async () => {
    const [rows] = await client.query({
      query: `SELECT _PARTITIONTIME AS part, MAX(moment) AS latest, COUNT(*) AS n FROM ${TABLE} GROUP BY part ORDER BY part`,
    });

    expect(rows.map((row) => [row.part.value, row.latest.value, row.n])).toEqual([
      ['2026-10-02T00:00:00.000Z', '2026-10-01T09:00:00.123456000Z', 2],
      ['2026-10-03T00:00:00.000Z', '2026-10-01T11:00:00.123456000Z', 2],
      ['2026-10-04T00:00:00.000Z', '2026-10-01T12:00:00.123456000Z', 1],
    ]);
    expect(standIn.count('probe')).toBe(1);
  });

  it('pages rows of one partition, every value as it is', async () => {
    standIn.settings.pageRows = 1;
    const query = `SELECT * FROM ${TABLE} WHERE _PARTITIONTIME = @from`;
    const [job] = await client.createQueryJob({ query, ...FIRST_DAY });
    const rows: unknown[] = [];
    for await (const row of job.getQueryResultsStream({ wrapIntegers: true }))
      rows.push(JSON.parse(JSON.stringify(row)));

    expect(rows).toEqual([
      {
        id: { type: 'BigQueryInt', value: '0' },
        big: { type: 'BigQueryInt', value: '9007199254740993' },
        money: '0.1',
        cost: 0.1,
        moment: { value: '2026-10-01T08:00:00.123456000Z' },
        day: { value: '2026-10-01' },
        even: true,
        project: null,
        credits: [{ name: 'SUD', amount: -0.05 }],
      },
      expect.objectContaining({
        big: { type: 'BigQueryInt', value: '9007199254740994' },
        money: '1.1',
        project: { id: 'p1', labels: [{ key: 'k', value: null }] },
      }),
    ]);
    expect(standIn.requests.map(({ sort }) => sort)).toEqual(['pull', 'page', 'page']);
  });

  it('prices a query by the columns and partitions it reads, and holds it to its limit', async () => {
    const bytesOf = async (query: string): Promise<number> => {
      const [job] = await client.createQueryJob({ query, dryRun: true, ...FIRST_DAY });
      return Number(job.metadata.statistics.totalBytesProcessed);
    };

    expect(await bytesOf(`SELECT id FROM ${TABLE} WHERE _PARTITIONTIME = @from`)).toBe(16);
    expect(await bytesOf(`SELECT id, money FROM ${TABLE} WHERE _PARTITIONTIME >= @from`)).toBe(5 * 24);
    expect(standIn.count('dry-run')).toBe(2);
    await expect(client.query({ query: `SELECT id FROM ${TABLE}`, maximumBytesBilled: '1000' })).rejects.toMatchObject({
      code: 400,
      errors: [{ reason: 'bytesBilledLimitExceeded' }],
    });
  });

  it('says in Google’s words what is wrong', async () => {
    await expect(client.query(`SELECT nope FROM ${TABLE}`)).rejects.toThrow('Unrecognized name: nope [at 1:8]');
    await expect(client.query('SELECT 1 FROM `data.billing.other`')).rejects.toMatchObject({ code: 404 });
    await expect(client.query({ query: `SELECT id FROM ${TABLE}`, location: 'US' })).rejects.toThrow(
      'Not found: Dataset data:billing was not found in location US',
    );
  });

  it('lists the rows of one partition, and of a result', async () => {
    const dataset = client.dataset('billing', { projectId: 'data' });
    const [rows] = await dataset.table('export$20261004').getRows();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ id: 4, project: { id: 'p4' } });

    const [job] = await client.createQueryJob({ query: `SELECT id FROM ${TABLE}` });
    const { projectId, datasetId, tableId } = job.metadata.configuration.query.destinationTable;
    const [result] = await client.dataset(datasetId, { projectId }).table(tableId).getRows({ maxResults: 3 });
    expect(result.map((row) => row.id)).toEqual([0, 1, 2]);
  });

  it('streams Arrow over Storage Read, of a partition and of a result', async () => {
    const reader = storageReader();
    const read = async (table: string, readOptions: object): Promise<unknown[]> => {
      const [session] = await reader.createReadSession({
        parent: 'projects/jobs',
        readSession: { table, dataFormat: 'ARROW', readOptions },
        maxStreamCount: 1,
      });
      const rows: unknown[] = [];
      for (const { name } of session.streams!) {
        for await (const answer of reader.readRows({ readStream: name! })) {
          const bytes = Buffer.concat([
            session.arrowSchema!.serializedSchema as Uint8Array,
            answer.arrowRecordBatch.serializedRecordBatch as Uint8Array,
          ]);
          rows.push(
            ...tableFromIPC(bytes)
              .toArray()
              .map((row) => plain(row.toJSON())),
          );
        }
      }
      return rows;
    };

    const options = {
      selectedFields: ['big', 'money', 'moment', 'project', 'credits'],
      rowRestriction: "_PARTITIONTIME = '2026-10-03'",
    };
    expect(await read('projects/data/datasets/billing/tables/export', options)).toEqual([
      {
        big: '9007199254740995',
        money: '2.1',
        moment: 1790848800123.456,
        project: { id: 'p2', labels: [{ key: 'k', value: null }] },
        credits: [],
      },
      expect.objectContaining({ big: '9007199254740996', money: '3.1', credits: [{ name: 'SUD', amount: -0.05 }] }),
    ]);

    const [job] = await client.createQueryJob({ query: `SELECT id, day, even FROM ${TABLE}` });
    const { projectId, datasetId, tableId } = job.metadata.configuration.query.destinationTable;
    const result = await read(`projects/${projectId}/datasets/${datasetId}/tables/${tableId}`, {});
    expect(result).toHaveLength(5);
    expect(result[4]).toEqual({ id: '4', day: Date.parse('2026-10-01'), even: true });
    await reader.close();
  });

  it('fails as it is told to, and then no more', async () => {
    const once = new BigQuery({ projectId: 'jobs', apiEndpoint: standIn.apiEndpoint, autoRetry: false });
    const ask = (): Promise<unknown> => once.query(`SELECT id FROM ${TABLE}`);

    standIn.faults.add({
      on: 'pull',
      effect: { kind: 'refuse', status: 403, reason: 'accessDenied', message: 'Access Denied' },
    });
    await expect(ask()).rejects.toMatchObject({
      code: 403,
      errors: [{ reason: 'accessDenied', message: 'Access Denied' }],
    });
    standIn.faults.add({ on: 'pull', effect: { kind: 'cut', after: 40 } });
    await expect(ask()).rejects.toThrow(/premature|closed|hang up|ECONNRESET|Invalid response body/i);
    await expect(ask()).resolves.toBeDefined();
  });
});

function storageReader(): BigQueryReadClient {
  const [host, port] = standIn.storageEndpoint.split(':') as [string, string];
  return new BigQueryReadClient({
    apiEndpoint: host,
    port: Number(port),
    projectId: 'jobs',
    sslCreds: grpc.credentials.createInsecure(),
  });
}

/** Arrow's row values as JSON ones; integers and decimals as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint32Array) return (Number(new BigInt64Array(value.slice().buffer)[0]) / 1e9).toString();
  if (value === null || typeof value !== 'object') return value;
  const json = 'toJSON' in value ? (value.toJSON as () => object)() : value;
  if (Array.isArray(json)) return json.map(plain);
  return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, plain(part)]));
}
