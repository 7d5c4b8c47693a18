import { afterEach, describe, expect, it } from 'vitest';
import { withWorkspaceLock } from '../../core/lock.ts';
import { newRun, writeRun, type RunRecord } from '../../core/run-record.ts';
import { startTestApi, type TestApi, type TestApiOptions } from './client.ts';

const open: TestApi[] = [];
const started = async (options: TestApiOptions = {}): Promise<TestApi> => {
  const api = await startTestApi(options);
  open.push(api);
  return api;
};
afterEach(async () => {
  for (const api of open.splice(0)) await api.close();
});

function leave(api: TestApi, startedAt: string, facts: Partial<RunRecord> = {}): RunRecord {
  const endedAt = new Date(Date.parse(startedAt) + 90_500).toISOString();
  const begun = newRun('run', 'schedule', new Date(startedAt));
  const record: RunRecord = { ...begun, outcome: 'done', exitCode: 0, endedAt, ...facts };
  writeRun(api.workspace, record);
  return record;
}

const source = (name: string, facts: object = {}): RunRecord['sources'][number] => ({
  name,
  kind: 'gcp-billing-detailed',
  rows: 10,
  bytes: 1000,
  landed: 1,
  replaced: 0,
  unchanged: 3,
  missing: 0,
  pulled: null,
  ...facts,
});
const pulled = (priceUsd: string, bytesBilled = '10485760'): NonNullable<RunRecord['sources'][number]['pulled']> => ({
  queries: 2,
  bytesProcessed: '10000000',
  bytesBilled,
  priceUsd,
  transfer: 'storage-read',
});

describe('the run history over HTTP', () => {
  it('is empty at first, also before any generation', async () => {
    const api = await started({ publish: false });

    expect(await api.ask('runs')).toEqual({ runs: [], count: 0, nextCursor: null, schedule: null });
  });

  it('sums up each run exactly: what landed, what was billed, how long it took', async () => {
    const api = await started();
    leave(api, '2026-09-21T06:00:00.000Z', {
      sources: [
        source('a', { pulled: pulled('0.000059605', '9007199254740993') }),
        source('b', { pulled: pulled('0.1', '1') }),
        source('files', { rows: 5, bytes: 50 }),
      ],
    });
    const { runs } = await api.ask('runs');

    expect(runs).toMatchObject([
      {
        outcome: 'done',
        durationMs: 90_500,
        rows: 25,
        bytes: 2050,
        partitionsLanded: 3,
        pulled: { queries: 4, bytesProcessed: '20000000', bytesBilled: '9007199254740994', priceUsd: '0.100059605' },
      },
    ]);
  });

  it('shows a run that goes on, and how one that was killed was last heard of', async () => {
    const api = await started();
    leave(api, '2026-09-20T06:00:00.000Z', { outcome: 'running', exitCode: null, endedAt: null });
    await withWorkspaceLock(api.workspace, 'run', async () => {
      const going = newRun('run', 'schedule', new Date('2026-09-21T06:00:00.000Z'));
      writeRun(api.workspace, { ...going, step: { name: 'compaction', fraction: 0.5 } });
      const { runs } = await api.ask('runs');

      expect(runs[0]).toMatchObject({
        outcome: 'running',
        durationMs: null,
        step: { name: 'compaction', fraction: 0.5 },
      });
    });
    const { runs } = await api.ask('runs', { outcome: 'interrupted' });

    expect(runs.map(({ outcome, endedAt }) => [outcome, endedAt])).toEqual([
      ['interrupted', null],
      ['interrupted', null],
    ]);
  });

  it('comes in pages that a run which begins meanwhile does not shift', async () => {
    const api = await started();
    for (let day = 1; day <= 5; day++) leave(api, `2026-09-0${day}T06:00:00.000Z`);
    const dayOf = (run: { startedAt: string }): string => run.startedAt.slice(8, 10);

    const first = await api.ask('runs', { limit: 2 });
    leave(api, '2026-09-06T06:00:00.000Z');
    const second = await api.ask('runs', { limit: 2, cursor: first.nextCursor! });
    const third = await api.ask('runs', { limit: 2, cursor: second.nextCursor! });

    expect([first, second, third].map(({ runs }) => runs.map(dayOf))).toEqual([['05', '04'], ['03', '02'], ['01']]);
    expect([first.count, third.nextCursor]).toEqual([5, null]);
  });

  it('refuses a cursor of another list, with a problem', async () => {
    const api = await started();
    for (let day = 1; day <= 3; day++) leave(api, `2026-09-0${day}T06:00:00.000Z`);
    const { nextCursor } = await api.ask('runs', { limit: 1 });
    const other = await api.get(`/api/v1/runs?limit=1&outcome=done&cursor=${nextCursor}`);
    const squads = await api.ask('squads', { limit: 1 });
    const foreign = await api.get(`/api/v1/runs?cursor=${squads.nextCursor}`);

    for (const response of [other, foreign]) {
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        type: 'urn:worthwhile:problem:bad-cursor',
        requestId: expect.any(String),
      });
    }
  });

  it('has an ETag that changes with the runs while the generation stays', async () => {
    const api = await started();
    leave(api, '2026-09-20T06:00:00.000Z');
    const first = await api.get('/api/v1/runs');
    const etag = first.headers.get('ETag')!;
    const same = await api.get('/api/v1/runs', { 'If-None-Match': etag });
    leave(api, '2026-09-21T06:00:00.000Z', { outcome: 'failed', exitCode: 1 });
    const changed = await api.get('/api/v1/runs', { 'If-None-Match': etag });

    expect(etag).toMatch(/^W\/"/);
    expect([same.status, await same.text()]).toEqual([304, '']);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('ETag')).not.toBe(etag);
    expect(first.headers.get('Cache-Control')).toBe('no-cache');
  });

  it('answers one run by its id, and a problem for one it does not know', async () => {
    const api = await started();
    const error = { code: 'CHECK_FAILED', reason: 'a check does not hold', on: 'int_x', next: 'report it' };
    const record = leave(api, '2026-09-20T06:00:00.000Z', { outcome: 'failed', exitCode: 1, error });
    const { run } = await api.ask('run', {}, { RunId: record.id });
    const [unknown, wrong] = await Promise.all([
      api.get('/api/v1/runs/20200101T000000000Z-abcdef'),
      api.get('/api/v1/runs/..%2F..%2Frun.lock'),
    ]);

    expect(run).toMatchObject({ id: record.id, outcome: 'failed', error });
    expect(JSON.stringify(run)).not.toContain('"pid"');
    expect([unknown.status, wrong.status]).toEqual([404, 400]);
    expect(await unknown.json()).toMatchObject({ type: 'urn:worthwhile:problem:not-found' });
  });

  it('says what the schedule of this server is', async () => {
    const missed = [{ at: '2026-09-20T06:00:00.000Z', why: 'the run before was still going on' }];
    const schedule = { expression: '0 6 * * *', timezone: 'UTC', nextRunAt: '2026-09-22T06:00:00.000Z', missed };
    const api = await started({ schedule: () => schedule });

    expect((await api.ask('runs')).schedule).toEqual(schedule);
    expect(await (await api.get('/metrics')).text()).toContain('worthwhile_next_run_timestamp_seconds 1790056800\n');
  });
});

describe('the metrics of runs', () => {
  const metrics = async (api: TestApi): Promise<string> => (await api.get('/metrics')).text();

  it('say nothing of a last run where there is none', async () => {
    const text = await metrics(await started({ publish: false }));

    expect(text).toContain('worthwhile_run_running 0\n');
    expect(text).not.toContain('worthwhile_last_run');
  });

  it('tell how the last run ended, how long it took, its age, and the age of the last good one', async () => {
    const api = await started();
    leave(api, '2026-09-20T12:00:00.000Z');
    leave(api, '2026-09-21T11:00:00.000Z', { outcome: 'failed', exitCode: 1 });
    const text = await metrics(api);

    expect(text).toContain('worthwhile_last_run_outcome{outcome="failed"} 1\n');
    expect(text).toContain('worthwhile_last_run_outcome{outcome="done"} 0\n');
    expect(text).toContain('worthwhile_last_run_age_seconds 3600\n');
    expect(text).toContain('worthwhile_last_run_duration_seconds 90.5\n');
    expect(text).toContain('worthwhile_last_good_run_age_seconds 86400\n');
  });

  it('leave readiness alone: a failed run does not take away what was published before', async () => {
    const api = await started();
    leave(api, '2026-09-21T11:00:00.000Z', { outcome: 'failed', exitCode: 1 });

    expect((await api.get('/readyz')).status).toBe(200);
  });
});
