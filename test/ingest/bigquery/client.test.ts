import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { BigQueryTable } from '../../../core/config/schema.ts';
import { openBigQuery, openStorageRead } from '../../../ingest/bigquery/client.ts';

interface Asked {
  url: string;
  headers: IncomingHttpHeaders;
}

async function server(status: number, answer: string): Promise<{ endpoint: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const http = createServer((request, response) => {
    asked.push({ url: request.url!, headers: request.headers });
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void http.close());
  return { endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, asked };
}

const settings = (apiEndpoint: string): BigQueryTable =>
  ({
    project: 'data',
    dataset: 'd',
    table: 't',
    jobProject: 'jobs',
    apiEndpoint,
    storageRead: 'auto',
  }) as BigQueryTable;

describe('the API at a configured endpoint', () => {
  afterEach(() => {
    delete process.env['BIGQUERY_EMULATOR_HOST'];
  });

  it('is called there and nowhere else, without credentials, whatever the environment says', async () => {
    const { endpoint, asked } = await server(200, '{"numRows":"9007199254740993"}');
    process.env['BIGQUERY_EMULATOR_HOST'] = 'http://127.0.0.1:1';
    const api = await openBigQuery(settings(endpoint));

    const answer = await api({
      method: 'GET',
      project: 'data',
      path: 'datasets/d/tables/t',
      query: { location: 'EU' },
    });

    expect(answer).toEqual({ numRows: '9007199254740993' });
    expect(asked[0]!.url).toBe('/bigquery/v2/projects/data/datasets/d/tables/t?prettyPrint=false&location=EU');
    expect(asked[0]!.headers.authorization).toBeUndefined();
    expect(process.env['BIGQUERY_EMULATOR_HOST']).toBe('http://127.0.0.1:1');
  });

  it('says what Google said of a failure', async () => {
    const told = { error: { code: 403, message: 'Access Denied', errors: [{ reason: 'accessDenied' }] } };
    const { endpoint, asked } = await server(403, JSON.stringify(told));
    const api = await openBigQuery(settings(endpoint));

    await expect(api({ method: 'GET', project: 'data', path: 'x' })).rejects.toMatchObject({
      code: 403,
      message: 'Access Denied',
      errors: [{ reason: 'accessDenied' }],
    });
    expect(asked, "retries are not the client's").toHaveLength(1);
  });

  it('takes an answer that ends too early for a failure', async () => {
    const { endpoint } = await server(200, '{"rows":[');
    const api = await openBigQuery(settings(endpoint));

    await expect(api({ method: 'GET', project: 'data', path: 'x' })).rejects.toThrow(/json/i);
  });
});

describe('the Storage Read API', () => {
  it('is left alone where the configuration says so, or names an endpoint for the other API only', async () => {
    expect(await openStorageRead({ ...settings('http://127.0.0.1:1'), storageRead: 'never' })).toBeNull();
    expect(await openStorageRead(settings('http://127.0.0.1:1'))).toBeNull();
  });

  it("is not looked for at an endpoint of its own while the other API is Google's", async () => {
    const { apiEndpoint: _, ...google } = settings('');
    const half = { ...google, storageEndpoint: '127.0.0.1:1' } as BigQueryTable;

    await expect(openStorageRead(half)).rejects.toThrow(/without `apiEndpoint`/);
  });
});
