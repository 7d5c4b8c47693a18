import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem, questions } from '../../api/contract/index.ts';
import { startTestApi, type TestApi } from './client.ts';
import { HOSTILE_NAME } from './warehouse.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function problemAt(
  path: string,
): Promise<{ status: number; type: string; detail: string; fix?: string | undefined }> {
  const response = await api.get(path);
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  const body = problem.parse(await response.json());
  expect(body.status).toBe(response.status);
  return { ...body, type: body.type.replace('urn:worthwhile:problem:', '') };
}

describe('what cannot be answered', () => {
  const range = 'from=2026-08-01&to=2026-09-01';

  it.each([
    ['/api/v1/meta?x=1', 400, 'invalid-parameters', 'x: there is no such parameter'],
    ['/api/v1/organisation?metric=Cost', 400, 'invalid-parameters', 'metric'],
    ['/api/v1/squads?limit=100000', 400, 'invalid-parameters', 'limit'],
    ['/api/v1/squads?limit=abc', 400, 'invalid-parameters', 'limit'],
    ['/api/v1/squads?cursor=%27%3B--', 400, 'invalid-parameters', 'cursor'],
    ['/api/v1/squads?cursor=bm90LWEtY3Vyc29y', 400, 'bad-cursor', 'cursor'],
    ['/api/v1/squads/nobody', 404, 'not-found', 'nobody'],
    ['/api/v1/squads/search?month=2026-13', 400, 'invalid-parameters', 'month'],
    ['/api/v1/components?squad=', 400, 'invalid-parameters', 'squad'],
    ['/api/v1/components/nothing', 404, 'not-found', 'nothing'],
    ['/api/v1/spend', 400, 'invalid-parameters', 'from'],
    ['/api/v1/spend?from=2026-09-01&to=2026-08-01', 400, 'invalid-parameters', 'after'],
    [`/api/v1/spend?${range}&by=(select+1)`, 400, 'invalid-parameters', 'by'],
    [`/api/v1/spend?${range}&squad=a&squad=b`, 400, 'invalid-parameters', 'squad'],
    [`/api/v1/spend?${range}&currency=XXX`, 404, 'not-found', 'XXX'],
    ['/api/v1/changes?month=2026-08&from=2026-08-01&to=2026-08-02', 400, 'invalid-parameters', 'month'],
    ['/api/v1/changes?month=2031-01&by=tribe', 404, 'not-found', '2031-01'],
    ['/api/v1/chargeback?month=2020-01', 404, 'not-found', '2020-01'],
    ['/api/v1/chargeback?kind=Free', 400, 'invalid-parameters', 'kind'],
    ['/api/v1/chargeback/months?month=2026-08', 400, 'invalid-parameters', 'month'],
    ['/api/v1/chargeback/export?month=2020-01', 404, 'not-found', '2020-01'],
    ['/api/v1/chargeback/export?month=2026-08&format=pdf', 400, 'invalid-parameters', 'format'],
    ['/api/v1/chargeback/export?month=2026-08&squad=nobody', 404, 'not-found', 'nobody'],
    ['/api/v1/coverage?month=2020-01', 404, 'not-found', '2020-01'],
    ['/api/v1/unallocated?limit=0', 400, 'invalid-parameters', 'limit'],
    ['/api/v1/reconciliation?month=2020-01', 404, 'not-found', '2020-01'],
    ['/api/v1/freshness?q=1', 400, 'invalid-parameters', 'q'],
    ['/api/v1/search?q=%20', 400, 'invalid-parameters', 'q'],
    ['/api/v1/nothing', 404, 'not-found', '/api/v1/nothing'],
    ['/api/nothing', 404, 'not-found', '/api/nothing'],
  ])('%s is a problem with status %i', async (path, status, type, detail) => {
    const answer = await problemAt(path);

    expect(answer).toMatchObject({ status, type });
    expect(answer.detail).toContain(detail);
  });

  it('names the months there are when one is asked for that is not', async () => {
    expect((await problemAt('/api/v1/chargeback?month=2020-01')).fix).toContain('2026-09, 2026-08, 2026-07');
  });

  it('refuses to write', async () => {
    const response = await api.app.request('/api/v1/meta', { method: 'POST' });

    expect(response.status).toBe(405);
    expect(response.headers.get('Allow')).toBe('GET, HEAD');
    expect(problem.parse(await response.json()).fix).toBe('use GET');
  });

  it('says that there is no data before the first build, and is not ready', async () => {
    const unbuilt = await startTestApi({ publish: false });
    const answer = await unbuilt.get('/api/v1/meta');
    const ready = await unbuilt.get('/readyz');
    const healthy = await unbuilt.get('/healthz');
    await unbuilt.close();

    expect([answer.status, ready.status, healthy.status]).toEqual([503, 503, 200]);
    expect(answer.headers.get('Retry-After')).toBe('5');
    expect(problem.parse(await answer.json())).toMatchObject({ type: 'urn:worthwhile:problem:not-built' });
  });

  it('keeps the inside of a failure for the log', async () => {
    const broken = await startTestApi({
      after: [
        'alter table fct_reconciliation alter x_Expected type varchar',
        "update fct_reconciliation set x_Expected = 'inside'",
      ],
    });
    const response = await broken.get('/api/v1/reconciliation');
    const body = await response.text();
    await broken.close();

    expect(response.status).toBe(500);
    expect(body).not.toMatch(/inside|duckdb|Conversion/i);
    expect(broken.warnings.join()).toContain('inside');
    expect(broken.warnings.join()).toContain(problem.parse(JSON.parse(body)).requestId);
  });

  it('says so where the published data is of a version that had no such table or column, and answers the rest', async () => {
    const old = await startTestApi({
      after: ['drop table fct_freshness', 'alter table fct_coverage drop x_ChargeCount'],
    });
    const answers = await Promise.all(
      ['/api/v1/freshness', '/api/v1/coverage?month=2026-08', '/api/v1/squads'].map(async (path) => {
        const response = await old.get(path);
        return { status: response.status, body: await response.json() };
      }),
    );
    await old.close();

    const outdated = {
      type: 'urn:worthwhile:problem:outdated',
      detail: expect.not.stringMatching(/fct_|duckdb/i),
      fix: expect.stringContaining('worthwhile run'),
    };
    expect(answers).toMatchObject([{ status: 503, body: outdated }, { status: 503, body: outdated }, { status: 200 }]);
  });

  it('refuses rows that do not fit the contract instead of passing them on', async () => {
    const wrong = await startTestApi({ after: ["update fct_reconciliation set BillingCurrency = 'us dollars'"] });
    const response = await wrong.get('/api/v1/reconciliation');
    await wrong.close();

    expect(response.status).toBe(500);
    expect(wrong.warnings.join()).toContain('does not fit the contract');
  });
});

describe('hostile values', () => {
  const texts = [
    "' or 1=1 --",
    HOSTILE_NAME,
    '%',
    '_',
    '\\',
    '🤷',
    '$squad',
    'a'.repeat(512),
    "x'); attach '/etc/passwd' as y; --",
  ];

  it.each(texts)('%s as a filter finds nothing and harms nothing', async (text) => {
    const spend = await api.ask('spend', {
      from: '2026-08-01',
      to: '2026-09-01',
      by: 'squad',
      squad: text,
      service: text,
    });
    const squad = await api.get(`/api/v1/squads/${encodeURIComponent(text)}`);
    const found = await api.ask('search', { q: text.slice(0, 200) });

    expect(spend.total).toBe('0.000000000');
    expect(squad.status).toBe(404);
    expect(found.results.length).toBeLessThanOrEqual(1);
    expect((await api.ask('squads')).count).toBe(4);
  });

  it('a name that looks like a formula or markup comes back as it is, as JSON that no browser sniffs', async () => {
    const response = await api.get('/api/v1/squads/search');

    expect(await response.json()).toMatchObject({ squad: { SquadName: HOSTILE_NAME } });
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  it('a path that is no valid percent-encoding is an error, not a crash', async () => {
    expect((await api.get('/api/v1/squads/%E0%A4%A')).status).toBe(404);
  });

  it('a cursor of one list is refused by another, and by other filters', async () => {
    const { nextCursor } = await api.ask('squads', { limit: 1 });

    expect(await problemAt(`/api/v1/components?limit=1&cursor=${nextCursor}`)).toMatchObject({ type: 'bad-cursor' });
    expect(await problemAt(`/api/v1/squads?limit=1&tribe=discover&cursor=${nextCursor}`)).toMatchObject({
      type: 'bad-cursor',
    });
  });
});

describe('answers over HTTP', () => {
  it('carry an ETag of their generation, and are not sent again to who has them', async () => {
    const first = await api.get('/api/v1/meta');
    const etag = first.headers.get('ETag')!;
    const second = await api.get('/api/v1/meta', { 'If-None-Match': `"other", ${etag}` });
    const third = await api.get('/api/v1/meta', { 'If-None-Match': '"other"' });

    expect(etag).toMatch(/^W\/"g1-/);
    expect([second.status, await second.text()]).toEqual([304, '']);
    expect(second.headers.get('ETag')).toBe(etag);
    expect(third.status).toBe(200);
    expect(first.headers.get('Cache-Control')).toBe('no-cache');
  });

  it('are compressed for who can read that, with the same content', async () => {
    const path = '/api/v1/spend?from=2026-07-01&to=2026-09-01&by=squad';
    const plain = await api.get(path);
    const zipped = await api.get(path, { 'Accept-Encoding': 'gzip' });
    const refused = await api.get(path, { 'Accept-Encoding': 'gzip;q=0' });

    expect(zipped.headers.get('Content-Encoding')).toBe('gzip');
    expect(refused.headers.get('Content-Encoding')).toBeNull();
    const body = new Response(zipped.body!.pipeThrough(new DecompressionStream('gzip')));
    expect(await body.text()).toBe(await plain.text());
  });

  it('answer HEAD without a body', async () => {
    const head = await api.app.request('/api/v1/meta', { method: 'HEAD' });

    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('ETag')).toBeTruthy();
  });

  it('carry a request id and headers that keep a browser from loading anything foreign', async () => {
    const response = await api.get('/api/v1/meta');

    expect(response.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'self'; script-src 'self';");
    expect(response.headers.get('X-Frame-Options')).toBe('DENY');
  });

  it('are the same for one URL asked many times at once', async () => {
    const path = '/api/v1/changes?month=2026-08&by=project';
    const bodies = await Promise.all(Array.from({ length: 20 }, async () => (await api.get(path)).text()));

    expect(new Set(bodies).size).toBe(1);
  });
});

describe('what describes the API', () => {
  it('is OpenAPI 3.1 with every question and its parameters', async () => {
    const document = (await (await api.get('/api/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, { get: { summary: string; operationId: string; parameters?: { name: string }[] } }>;
    };

    expect(document.openapi).toBe('3.1.0');
    for (const { path } of Object.values(questions)) expect(document.paths[path]?.get.summary, path).toBeTruthy();
    expect(document.paths['/api/v1/spend']?.get.parameters?.map((parameter) => parameter.name)).toContain(
      'granularity',
    );
    expect(document.paths['/api/v1/chargeback/export']).toBeTruthy();
  });

  it('is shown by pages that load nothing from elsewhere', async () => {
    const page = await (await api.get('/api/docs')).text();
    const urls = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);

    expect(urls.every((url) => url.startsWith('/api/'))).toBe(true);
    for (const url of urls) expect((await api.get(url)).status, url).toBe(200);
    expect(page).not.toMatch(/<script>|style=/);
  });

  it('counts requests by question, whatever the path, and tells the generation', async () => {
    await api.get('/api/v1/squads/search');
    await api.get('/api/v1/squads/nobody');
    await api.get('/api/v1/squads/search');
    const text = await (await api.get('/metrics')).text();

    expect(text).toMatch(/worthwhile_http_requests_total\{route="\/api\/v1\/squads\/:SquadId",status="200"\} \d/);
    expect(text).toContain('worthwhile_http_requests_total{route="/api/v1/squads/:SquadId",status="404"}');
    expect(text).toMatch(/_bucket\{route="\/api\/v1\/meta",le="\+Inf"\} \d/);
    expect(text).toContain('worthwhile_generation 1\n');
    expect(text).toContain('worthwhile_generation_age_seconds 21');
    expect(text).not.toContain('nobody');
  });
});
