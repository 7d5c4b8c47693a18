import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../../api/app.ts';
import { openWarehouse } from '../../api/warehouse/hub.ts';
import { DECISIONS, startTestApi, type TestApi } from './client.ts';
import { COSTS, ENDLESS_FRESHNESS, publishGeneration } from './warehouse.ts';

const open: TestApi[] = [];
const started = async (options: Parameters<typeof startTestApi>[0] = {}): Promise<TestApi> => {
  const api = await startTestApi(options);
  open.push(api);
  return api;
};
afterEach(async () => {
  for (const api of open.splice(0)) await api.close();
});

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await nextTurn();
};
const total = z.object({ total: z.string() });
const TOTAL = 'select sum(BilledCost)::varchar as total from fct_cost_daily';

describe('a new generation', () => {
  it('is served to new questions while one that began before goes on with the old', async () => {
    const api = await started();
    let swapped: () => void = () => {};
    const swap = new Promise<void>((resolve) => (swapped = resolve));

    const slow = api.warehouse.read(async (reader) => {
      const before = await reader.select(total, TOTAL);
      await swap;
      return [before, await reader.select(total, TOTAL)];
    });
    await publishGeneration(api.workspace, 2, { costs: COSTS.slice(0, 1) });
    await api.warehouse.refresh();
    const meta = await api.ask('meta');
    const attachedDuring = api.warehouse.load().attached;
    swapped();
    const [before, after] = await slow;
    await until(() => api.warehouse.load().attached === 1);

    expect(meta.generation).toBe(2);
    expect(attachedDuring).toBe(2);
    expect(after).toEqual(before);
    expect(await api.warehouse.read((reader) => reader.select(total, TOTAL))).toEqual([{ total: '820.000000000' }]);
  });

  it('does not disturb a download that has begun', async () => {
    const api = await started();
    const download = await api.get('/api/v1/chargeback/export?month=2026-08&format=csv');

    await publishGeneration(api.workspace, 2, { costs: [] });
    await api.warehouse.refresh();
    await until(() => api.warehouse.load().attached === 1);

    expect((await download.text()).trim().split('\n')).toHaveLength(11);
  });

  it('takes the place of one whose sums are still being prepared', async () => {
    const api = await started();
    const hub = await openWarehouse({ workspace: api.workspace, pollMs: 0, rollups: true });
    for (const number of [2, 3, 4]) {
      await publishGeneration(api.workspace, number);
      await hub.refresh();
    }
    await hub.settled();
    await until(() => hub.load().attached === 1);
    const relation = await hub.read(async (reader) => reader.dailyCosts(['ChargeCategory']));
    await hub.close();

    expect(relation).toBe('"g4r".daily_by_category');
  });

  it('changes ETags and ends cursors', async () => {
    const api = await started();
    const { nextCursor } = await api.ask('squads', { limit: 1 });
    const etag = (await api.get('/api/v1/squads')).headers.get('ETag')!;

    await publishGeneration(api.workspace, 2);
    await api.warehouse.refresh();
    const again = await api.get('/api/v1/squads', { 'If-None-Match': etag });
    const page = await api.get(`/api/v1/squads?limit=1&cursor=${nextCursor}`);

    expect(again.status).toBe(200);
    expect(page.status).toBe(409);
    expect(await page.json()).toMatchObject({ type: 'urn:worthwhile:problem:generation-changed' });
  });

  it('is noticed where the workspace was deleted and its numbers began anew, and shares no ETag or cursor', async () => {
    const api = await started();
    const before = await api.ask('squads', { limit: 1 });
    const etag = (await api.get('/api/v1/squads')).headers.get('ETag')!;

    rmSync(api.workspace.warehouse, { recursive: true });
    await api.warehouse.refresh();
    await publishGeneration(api.workspace, 1, { costs: COSTS.slice(0, 1) });
    await api.warehouse.refresh();
    const again = await api.get('/api/v1/squads', { 'If-None-Match': etag });
    const page = await api.get(`/api/v1/squads?limit=1&cursor=${before.nextCursor}`);
    await until(() => api.warehouse.load().attached === 1);

    expect(await api.warehouse.read((reader) => reader.select(total, TOTAL))).toEqual([{ total: '820.000000000' }]);
    expect(again.status).toBe(200);
    expect(page.status).toBe(409);
    expect(api.warnings).toEqual([]);
  });

  it('that comes between a request and its first query gives the answer its ETag and its place in the cache', async () => {
    const api = await started();
    let isFirst = true;
    const overtaken = createApp({
      decisions: DECISIONS,
      warehouse: {
        ...api.warehouse,
        read: async (work, signal) => {
          if (isFirst) {
            isFirst = false;
            await publishGeneration(api.workspace, 2);
            await api.warehouse.refresh();
          }
          return api.warehouse.read(work, signal);
        },
      },
    });

    const answer = await overtaken.request('/api/v1/meta');
    const again = await overtaken.request('/api/v1/meta');

    expect(await answer.json()).toMatchObject({ generation: 2 });
    expect(answer.headers.get('ETag')).toMatch(/^W\/"g2-/);
    expect(again.headers.get('ETag')).toBe(answer.headers.get('ETag'));
  });

  it('is not attached again while its file stays the same', async () => {
    const api = await started();
    const identity = api.warehouse.identity();

    await api.warehouse.refresh();
    rmSync(join(api.workspace.warehouse, 'gen-1.duckdb'));
    await api.warehouse.refresh();

    expect(api.warehouse.identity()).toBe(identity);
    expect(api.warnings).toEqual([]);
  });

  it('that cannot be read is warned of once, and the old one stays served', async () => {
    const api = await started();
    writeFileSync(join(api.workspace.warehouse, 'gen-2.duckdb'), 'not a database');
    writeFileSync(api.workspace.currentPointer, 'gen-2.duckdb');

    await api.warehouse.refresh();
    await api.warehouse.refresh();

    expect((await api.ask('meta')).generation).toBe(1);
    expect(api.warnings).toHaveLength(1);
    expect(api.warnings[0]).toContain('gen-1.duckdb stays served');
  });

  it.each(['../../etc/passwd', '/etc/passwd', '', 'gen-2.duckdb\ngen-3.duckdb'])(
    'is not looked for at %j',
    async (name) => {
      const api = await started();
      writeFileSync(api.workspace.currentPointer, name);

      await api.warehouse.refresh();

      expect((await api.ask('meta')).generation).toBe(1);
      expect(api.warnings.join()).toContain('does not name a generation file');
    },
  );

  it('without a mart that every answer needs is not served', async () => {
    const api = await started();
    await publishGeneration(api.workspace, 2, { after: ['drop table fct_chargeback'] });

    await api.warehouse.refresh();

    expect((await api.ask('meta')).generation).toBe(1);
    expect(api.warehouse.load().attached).toBe(1);
  });

  it('may lose its file while it is served', async () => {
    const api = await started();
    rmSync(join(api.workspace.warehouse, 'gen-1.duckdb'));

    expect((await api.ask('chargebackMonths')).months).toHaveLength(4);
  });

  it('is found by watching the pointer', async () => {
    const api = await started();
    const watching = await openWarehouse({ workspace: api.workspace, pollMs: 3_600_000 });

    await publishGeneration(api.workspace, 2);
    await until(() => watching.facts()?.generation === 2);

    expect((await watching.read(async (reader) => reader.facts)).generation).toBe(2);
    await watching.close();
  });

  it('is found by polling in a workspace that did not exist when the server began', async () => {
    const api = await started({ publish: false });
    const polling = await openWarehouse({ workspace: api.workspace, pollMs: 5 });

    await publishGeneration(api.workspace, 1);
    await until(() => polling.facts()?.generation === 1);

    expect((await polling.read(async (reader) => reader.facts)).generation).toBe(1);
    await polling.close();
  });
});

describe('a question that takes too long', () => {
  it('is stopped at the deadline, and its connection answers others', async () => {
    const api = await started({ after: ENDLESS_FRESHNESS, deadlineMs: 100 });

    const slow = await api.get('/api/v1/freshness');

    expect(slow.status).toBe(504);
    expect(await slow.json()).toMatchObject({ type: 'urn:worthwhile:problem:deadline' });
    expect(api.warehouse.load()).toMatchObject({ running: 0, waiting: 0 });
    expect((await api.ask('reconciliation')).holds).toBe(true);
  });

  it('is stopped when the client goes away', async () => {
    const api = await started({ after: ENDLESS_FRESHNESS });
    const client = new AbortController();

    const slow = api.app.request('/api/v1/freshness', { signal: client.signal });
    await until(() => api.warehouse.load().running === 1);
    client.abort();
    await slow;

    expect(api.warehouse.load().running).toBe(0);
  });

  it('does not hang the end of the hub when its question has already failed', async () => {
    const api = await started({ after: ENDLESS_FRESHNESS });
    const hub = await openWarehouse({ workspace: api.workspace, pollMs: 0 });
    const client = new AbortController();

    const failed = hub.read(
      (reader) =>
        Promise.all([
          reader.select(z.unknown(), 'select * from fct_freshness'),
          reader.select(z.unknown(), 'select * from no_such_table'),
        ]),
      client.signal,
    );
    await expect(failed).rejects.toThrow('a table that the published data does not have');
    const runningAfterwards = hub.load().running;
    const closed = hub.close();
    client.abort();
    await closed;

    expect(runningAfterwards).toBe(1);
  });

  it('cannot take every place: more wait, and beyond the queue are turned away', async () => {
    const api = await started({ after: ENDLESS_FRESHNESS });
    const small = await openWarehouse({ workspace: api.workspace, pollMs: 0, pool: { size: 1, queue: 1 } });
    const client = new AbortController();
    const endless = (): Promise<unknown> =>
      small.read((reader) => reader.select(z.unknown(), 'select * from fct_freshness'), client.signal);

    const admitted = Promise.allSettled([endless(), endless()]);
    await until(() => small.load().waiting === 1);
    const refused = endless();

    await expect(refused).rejects.toMatchObject({ facts: { status: 503, kind: 'overloaded' } });
    client.abort();
    expect(await admitted).toMatchObject([{ reason: { name: 'AbortError' } }, { reason: { name: 'AbortError' } }]);
    expect(small.load()).toEqual({ attached: 1, running: 0, waiting: 0 });
    await small.close();
  });
});

describe('SQL in the hub', () => {
  it.each([
    "select * from read_text('/etc/passwd')",
    "attach '/tmp/other.duckdb' as other",
    "copy (select 1) to '/tmp/leak.csv'",
    'set enable_external_access = true',
    "set allowed_directories = ['/']",
    'delete from dim_squads',
    'create table fct_mine as select 1',
    'install httpfs',
  ])('cannot %s', async (sql) => {
    const api = await started();

    await expect(api.warehouse.read((reader) => reader.run(sql))).rejects.toThrow();
  });
});
