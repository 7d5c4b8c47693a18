import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readHeads } from '../../../core/lake.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { ingest, type IngestReport } from '../../../ingest/ingest.ts';
import { worthwhile } from '../../cli/shell.ts';
import { failureOf } from '../../ingest/workbench.ts';
import { effectsAt } from '../conformance/world.ts';
import type { Effect, RequestSort } from '../stand-in/faults.ts';
import { startStandIn, type StandIn } from '../stand-in/server.ts';
import { NOTHING_STRAY, pulledTable, type PulledTable } from './pulled-table.ts';

let standIn: StandIn;
let table: PulledTable;
beforeAll(async () => {
  standIn = await startStandIn();
});
afterAll(() => standIn.close());
beforeEach(async () => {
  table = await pulledTable(standIn);
  standIn.settings.pageRows = 20;
});
afterEach(() => {
  standIn.reset();
  table.remove();
});

const pull = (): Promise<IngestReport> => ingest(table.config, {}, effectsAt());
const refuse = (status: number, reason: string, message = `said ${reason}`): Effect => ({
  kind: 'refuse',
  status,
  reason,
  message,
});
const EXPIRED = refuse(
  401,
  'authError',
  'Request had invalid authentication credentials. Expected OAuth 2 access token.',
);
const asked = (): Partial<Record<RequestSort, number>> =>
  Object.fromEntries((['probe', 'dry-run', 'pull', 'check'] as const).map((sort) => [sort, standIn.count(sort)]));

describe('what a run asks for', () => {
  it('is one probe where nothing is new', async () => {
    await pull();
    expect(asked()).toMatchObject({ probe: 1, 'dry-run': 1, pull: 4, check: 4 });
    expect(
      standIn.requests.filter(({ sort }) => sort === 'pull').every(({ labels }) => labels?.['app'] === 'worthwhile'),
    ).toBe(true);
    expect(await table.strays()).toEqual(NOTHING_STRAY);

    standIn.requests.length = 0;
    const again = await pull();
    expect(asked()).toEqual({ probe: 1, 'dry-run': 0, pull: 0, check: 0 });
    expect(again.sources[0]).toMatchObject({ landed: [], unchanged: 4, pulled: { queries: 1 } });
  });

  it('is the one partition that was rewritten', async () => {
    await pull();
    await table.rewrite(2);
    standIn.requests.length = 0;
    const report = await pull();

    expect(asked()).toEqual({ probe: 1, 'dry-run': 1, pull: 1, check: 1 });
    expect(report.sources[0]).toMatchObject({ replaced: ['2026-06-04'], unchanged: 3 });
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });

  it('stays below what a query may read', async () => {
    const tight = await pulledTable(standIn, { settings: { storageRead: 'never', maximumBytesBilled: '1 KiB' } });
    const failure = await failureOf(ingest(tight.config, {}, effectsAt()));

    expect(failure).toMatchObject({ code: 'COST_GUARD', message: expect.stringContaining('maximumBytesBilled') });
    expect(standIn.count('pull')).toBe(0);
    tight.remove();
  });
});

describe('what passes is tried again, in the same run', () => {
  const everySort: RequestSort[] = ['table', 'probe', 'dry-run', 'pull', 'check', 'page', 'job'];

  it.each(everySort)('a connection cut in the middle of an answer (%s)', async (on) => {
    standIn.faults.add({ on, times: 2, effect: { kind: 'cut', after: 60 } });
    await pull();
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });

  it('a page that is cut off again and again', async () => {
    standIn.faults.add({ on: 'page', skip: 2, times: 3, effect: { kind: 'cut', after: 500 } });
    await pull();
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });

  it.each([
    [429, 'rateLimitExceeded'],
    [503, 'backendError'],
    [500, 'internalError'],
    [403, 'rateLimitExceeded'],
  ])('%i %s', async (status, reason) => {
    for (const on of everySort) standIn.faults.add({ on, times: 2, effect: refuse(status, reason) });
    await pull();
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });

  it('a job that takes its time', async () => {
    standIn.settings.runningPolls = 5;
    await pull();
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });
});

describe('what stays is told, and leaves the lake as it was', () => {
  it.each([
    [
      'no permission to run jobs',
      'probe',
      refuse(403, 'accessDenied', 'Access Denied: Project data: User does not have bigquery.jobs.create permission'),
      'SOURCE_FORBIDDEN',
      /roles\/bigquery\.jobUser/,
    ],
    [
      'no permission to read',
      'table',
      refuse(403, 'accessDenied', 'Access Denied: Table data:billing.export: Permission bigquery.tables.get denied'),
      'SOURCE_FORBIDDEN',
      /roles\/bigquery\.dataViewer/,
    ],
    [
      'a quota that is used up',
      'pull',
      refuse(403, 'quotaExceeded', 'Quota exceeded: Your project exceeded quota for free query bytes scanned'),
      'SOURCE_FORBIDDEN',
      /quota/,
    ],
    ['an expired token at the start', 'table', EXPIRED, 'SOURCE_FORBIDDEN', /gcloud auth application-default login/],
    ['an expired token halfway', 'page', EXPIRED, 'SOURCE_FORBIDDEN', /gcloud auth application-default login/],
    ['429 that does not end', 'pull', refuse(429, 'rateLimitExceeded'), 'SOURCE_UNREACHABLE', /run again/],
    ['503 that does not end', 'page', refuse(503, 'backendError'), 'SOURCE_UNREACHABLE', /run again/],
    ['a connection that is always cut', 'page', { kind: 'cut', after: 200 }, 'SOURCE_UNREACHABLE', /run again/],
    [
      'a table that is gone',
      'table',
      refuse(404, 'notFound', 'Not found: Table data:billing.export'),
      'SOURCE_NOT_FOUND',
      /table/,
    ],
  ] as [string, RequestSort, Effect, string, RegExp][])('%s', async (_name, on, effect, code, said) => {
    await pull();
    const before = readHeads(workspaceAt(table.config.workspace), 'gcp');
    await table.rewrite(0);
    await table.rewrite(3);
    standIn.faults.add({ on, skip: on === 'pull' ? 1 : 0, times: Infinity, effect });
    const failure = await failureOf(pull());

    expect(failure).toMatchObject({ code, message: expect.stringMatching(said) });
    expect(readHeads(workspaceAt(table.config.workspace), 'gcp')).toEqual(before);

    standIn.faults.clear();
    await pull();
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });

  it('ends the command with 1 and the role to grant', async () => {
    const message = 'Access Denied: Table data:billing.export: Permission bigquery.tables.getData denied';
    standIn.faults.add({ on: 'probe', times: Infinity, effect: refuse(403, 'accessDenied', message) });
    const ended = await worthwhile(table.folder, 'ingest');

    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/roles\/bigquery\.dataViewer/);
    expect(ended.err).not.toMatch(/at .*\.ts:\d+/);
  });

  it('pulls only what did not land before the failure', async () => {
    standIn.faults.add({ on: 'pull', skip: 3, times: Infinity, effect: EXPIRED });
    await failureOf(pull());
    const landed = table.batches().length;
    expect(landed).toBeGreaterThan(0);

    standIn.reset();
    await pull();
    expect(standIn.count('pull')).toBe(table.partitions - landed);
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });
});

describe('a schema that is no longer the same', () => {
  it('takes a new column for news, not for a failure', async () => {
    await pull();
    await standIn.tables.change(`ALTER TABLE ${table.relation} ADD COLUMN carbon_grams DOUBLE`);
    await table.rewrite(1);
    const report = await pull();
    await standIn.tables.change(`ALTER TABLE ${table.relation} DROP COLUMN carbon_grams`);

    expect(report.warnings.join()).toMatch(/carbon_grams/);
    expect(report.sources[0]!.replaced).toEqual(['2026-06-03']);
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });

  it('refuses a column of another type by its name, and keeps the lake', async () => {
    await pull();
    const before = readHeads(workspaceAt(table.config.workspace), 'gcp');
    await table.rewrite(1);
    await standIn.tables.change(`ALTER TABLE ${table.relation} ALTER COLUMN cost TYPE VARCHAR`);
    const failure = await failureOf(pull());

    expect(failure).toMatchObject({ code: 'SCHEMA_WRONG_TYPE', message: expect.stringMatching(/cost/) });
    expect(readHeads(workspaceAt(table.config.workspace), 'gcp')).toEqual(before);

    await standIn.tables.change(`ALTER TABLE ${table.relation} ALTER COLUMN cost TYPE DOUBLE`);
    await pull();
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });
});

describe('a partition that is rewritten meanwhile', () => {
  it.each([
    ['between probe and pull', 'pull'],
    ['while its pages come', 'page'],
    ['between pull and check', 'check'],
  ] as [string, RequestSort][])('%s', async (_name, on) => {
    standIn.faults.add({ on, effect: { kind: 'meanwhile', work: () => table.rewrite(1) } });
    await pull();
    expect(await table.strays()).toEqual(NOTHING_STRAY);

    standIn.requests.length = 0;
    await pull();
    expect(asked()).toMatchObject({ probe: 1, pull: 0 });
  });

  it('is given up where it never holds still, and comes with the next run', async () => {
    const work = async (): Promise<void> => {
      for (let day = 0; day < table.partitions; day++) await table.rewrite(day);
    };
    standIn.faults.add({ on: 'check', times: Infinity, effect: { kind: 'meanwhile', work } });
    expect(await failureOf(pull())).toMatchObject({ code: 'SOURCE_CHANGED' });

    standIn.faults.clear();
    await pull();
    expect(await table.strays()).toEqual(NOTHING_STRAY);
  });
});

describe('over the Storage Read API', () => {
  let streamed: PulledTable;
  beforeEach(async () => {
    const settings = { storageEndpoint: standIn.storageEndpoint };
    streamed = await pulledTable(standIn, { days: 2, settings });
    standIn.settings.batchRows = 10;
  });
  afterEach(() => streamed.remove());
  const pullStreamed = (): Promise<IngestReport> => ingest(streamed.config, {}, effectsAt());

  it('goes on from the row after the last where a stream is cut', async () => {
    standIn.faults.add({ on: 'stream', times: 2, effect: { kind: 'cut', after: 3 } });
    const report = await pullStreamed();

    expect(report.sources[0]!.pulled?.transfer).toBe('storage-read');
    expect(standIn.count('stream')).toBe(4);
    expect(await streamed.strays()).toEqual(NOTHING_STRAY);
  });

  it('is tried again where the service is not there for a moment', async () => {
    standIn.faults.add({ on: 'session', times: 2, effect: refuse(503, 'backendError') });
    standIn.faults.add({ on: 'stream', times: 2, effect: refuse(429, 'rateLimitExceeded') });
    const report = await pullStreamed();

    expect(report.sources[0]!.pulled?.transfer).toBe('storage-read');
    expect(await streamed.strays()).toEqual(NOTHING_STRAY);
  });

  it('fails in the end where a stream never goes on, and the next run brings the rows', async () => {
    standIn.faults.add({ on: 'stream', times: Infinity, effect: { kind: 'cut', after: 0 } });
    expect(await failureOf(pullStreamed())).toMatchObject({ code: 'SOURCE_UNREACHABLE' });

    standIn.faults.clear();
    await pullStreamed();
    expect(await streamed.strays()).toEqual(NOTHING_STRAY);
  });

  it('gives way to paged results where it is not permitted, and says so', async () => {
    const message = 'request failed: the user does not have bigquery.readsessions.create permission';
    standIn.faults.add({ on: 'session', times: Infinity, effect: refuse(403, 'accessDenied', message) });
    const report = await pullStreamed();

    expect(report.sources[0]!.pulled?.transfer).toBe('paged');
    expect(report.warnings.join()).toMatch(/roles\/bigquery\.readSessionUser/);
    expect(await streamed.strays()).toEqual(NOTHING_STRAY);
  });
});

describe('a disk without room', () => {
  it('fails with what to do, and the next run finds everything it needs', async () => {
    const large = await pulledTable(standIn, { days: 2, rowsPerDay: 3000 });
    standIn.settings.pageRows = 1000;
    // No file may grow past 32 KiB: what the system answers is what it answers on a full disk.
    const command = join(import.meta.dirname, '..', '..', '..', 'bin', 'worthwhile.cjs');
    const line = 'trap "" XFSZ; ulimit -f 32; exec "$0" "$@"';
    const child = spawn('bash', ['-c', line, process.execPath, command, 'ingest'], {
      cwd: large.folder,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];

    expect(said).toMatch(/no room left on the disk[^]*free some space/);
    expect(code).toBe(1);
    expect(readHeads(workspaceAt(large.config.workspace), 'gcp')).toBeNull();

    await ingest(large.config, {}, effectsAt());
    expect(await large.strays()).toEqual(NOTHING_STRAY);
    large.remove();
  });
});
