import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../../core/config/load.ts';
import { openDatabase } from '../../../core/duckdb.ts';
import type { Effects } from '../../../core/effects.ts';
import { currentBatches, readHeads, type BatchManifest } from '../../../core/lake.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { ingestTable } from '../../../ingest/bigquery/ingest-table.ts';
import type { SourceReport } from '../../../ingest/report.ts';
import type { SourceOutcome } from '../../../ingest/source-run.ts';
import { failureOf, query } from '../workbench.ts';
import { FakeBigQuery, googleError, LIVE_FIELDS, type FakeRow } from './fake-bigquery.ts';

const DAYS: FakeRow[] = [
  { day: '2026-10-01', cost: '0.1' },
  { day: '2026-10-01', cost: '0.2', credit: '-0.05' },
  { day: '2026-10-01', cost: '123456.789012345' },
  { day: '2026-10-02', cost: '1.5', currency: 'EUR' },
  { day: '2026-10-03', cost: '2.5' },
];

interface Bench {
  bigquery: FakeBigQuery;
  warnings: string[];
  pauses: number[];
  failedPulls: SourceReport[];
  run: (options?: { full?: boolean; since?: string; table?: string }) => Promise<SourceOutcome>;
  batches: () => BatchManifest[];
  totals: () => Record<string, unknown>;
  lake: string;
}

function bench(rows: FakeRow[] = DAYS, extra = ''): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-bigquery-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = parseConfig(
    `sources: [{ name: bill, kind: gcp-billing-detailed, bigquery: { project: acme, dataset: billing, table: t, jobProject: jobs, apiEndpoint: 'http://127.0.0.1:1'${extra} } }]`,
    join(folder, 'worthwhile.yaml'),
  );
  const workspace = workspaceAt(config.workspace);
  const bigquery = new FakeBigQuery(rows);
  const warnings: string[] = [];
  const pauses: number[] = [];
  const failedPulls: SourceReport[] = [];
  const effects: Effects = {
    now: () => new Date('2026-10-05T09:00:00Z'),
    progress: () => {},
    warn: (message) => warnings.push(message),
    pause: async (milliseconds) => pauses.push(milliseconds),
  };
  const open = { bigQuery: async () => bigquery.api, storageRead: async () => null };
  const batches = (): BatchManifest[] => currentBatches(workspace).map(({ manifest }) => manifest);
  return {
    bigquery,
    warnings,
    pauses,
    failedPulls,
    batches,
    lake: join(workspace.lake, 'bill'),
    totals: () => Object.fromEntries(batches().map(({ partition, sums }) => [partition, sums])),
    run: async ({ full = false, since, table = 't' } = {}) => {
      const database = await openDatabase({ threads: 1 });
      const source = config.sources[0]!;
      const { connect } = database;
      const pullFailed = (report: SourceReport): void => void failedPulls.push(report);
      const run = { config, workspace, source, full, since: since ?? null, database: connect, connect, pullFailed };
      try {
        return await ingestTable(run, { ...source.bigquery!, table }, effects, open);
      } finally {
        database.close();
      }
    },
  };
}

const isPull = (sql: string): boolean => sql.startsWith('SELECT `billing_account_id`');
const heads = (folder: string): ReturnType<typeof readHeads> =>
  readHeads(workspaceAt(join(folder, '..', '..')), 'bill');

describe('pulling a table', () => {
  it('lands every partition whole, with the exact sums of its rows, and notes what the source said of it', async () => {
    const { run, batches, lake } = bench();

    const { report } = await run();

    expect(report).toMatchObject({ unchanged: 0, replaced: [], missing: [], rows: 5 });
    expect(batches().map(({ partition, rows, sums }) => [partition, rows, sums])).toEqual([
      ['2026-10-01', 3, { USD: { cost: '123457.089012345', credits: '-0.050000000', BilledCost: '123457.039012345' } }],
      ['2026-10-02', 1, { EUR: { cost: '1.500000000', credits: '0.000000000', BilledCost: '1.500000000' } }],
      ['2026-10-03', 1, { USD: { cost: '2.500000000', credits: '0.000000000', BilledCost: '2.500000000' } }],
    ]);
    expect(heads(lake)).toMatchObject({
      table: 'acme.billing.t',
      partitions: { '2026-10-01': { token: '2026-10-02T01:02:03.000000Z 3 rows', files: [] } },
    });
  });

  it('keeps records, lists and their nulls as they are', async () => {
    const { run, batches, lake } = bench();

    await run();

    const [first, , third] = batches();
    const read = (batch: BatchManifest): string => `read_parquet('${lake}/${batch.batchId}/data-000.parquet')`;
    expect(await query(`SELECT project, labels, credits FROM ${read(first!)} WHERE cost = 0.2`)).toEqual([
      {
        project: { id: 'playlists', number: '1', name: null, labels: [] },
        labels: [{ key: 'component', value: 'playlist-api' }],
        credits: [{ name: 'SUD', amount: -0.05, type: null }],
      },
    ]);
    expect(await query(`SELECT project FROM ${read(third!)}`)).toEqual([{ project: null }]);
  });

  it('asks a second time for nothing but the table and its partitions', async () => {
    const { run, bigquery } = bench();
    await run();
    bigquery.calls = [];

    const { report } = await run();

    expect(report).toMatchObject({ landed: [], unchanged: 3, rows: 5, pulled: { queries: 1, transfer: null } });
    expect(bigquery.statements).toEqual([expect.stringContaining('GROUP BY partition_value')]);
    expect(bigquery.dryRuns).toEqual([]);
  });

  it('pulls the one partition that was rewritten', async () => {
    const { run, bigquery, totals } = bench();
    await run();
    bigquery.rows = [...DAYS, { day: '2026-10-02', cost: '7', exportTime: '2026-10-04T00:00:00Z' }];
    bigquery.calls = [];

    const { report } = await run();

    expect(report).toMatchObject({ replaced: ['2026-10-02'], unchanged: 2, rows: 6 });
    expect(bigquery.statements.filter((sql) => isPull(sql))).toHaveLength(1);
    expect(totals()['2026-10-02']).toMatchObject({ USD: { cost: '7.000000000' }, EUR: { cost: '1.500000000' } });
  });

  it('keeps a partition that is gone from the table, and says so once', async () => {
    const { run, bigquery, warnings } = bench();
    await run();
    bigquery.rows = DAYS.filter(({ day }) => day !== '2026-10-01');

    expect((await run()).report).toMatchObject({ missing: ['2026-10-01'], rows: 5 });
    expect((await run()).report).toMatchObject({ missing: ['2026-10-01'] });
    expect(warnings).toEqual([expect.stringContaining('2026-10-01 is no longer at the source')]);
  });

  it('looks at partitions of the day asked for and later alone', async () => {
    const { run } = bench();

    const { report } = await run({ since: '2026-10-02' });

    expect(report.landed.map(({ partition }) => partition).sort()).toEqual(['2026-10-02', '2026-10-03']);
  });

  it('pulls all again in full, and lands what has other rows under the same token', async () => {
    const { run, bigquery, totals } = bench();
    await run();
    bigquery.rows = DAYS.map((row) => (row.day === '2026-10-03' ? { ...row, cost: '3.5' } : row));

    const { report } = await run({ full: true });

    expect(report.landed.map(({ partition }) => partition)).toEqual(['2026-10-03']);
    expect(report.unchanged).toBe(2);
    expect(totals()['2026-10-03']).toMatchObject({ USD: { cost: '3.500000000' } });
  });

  it('sets rows without a partition aside and lists them', async () => {
    const { run } = bench([...DAYS, { day: 'none', cost: '1' }]);

    const { report, skipped } = await run();

    expect(report.rows).toBe(5);
    expect(skipped).toEqual([
      { what: '1 rows of acme.billing.t', why: expect.stringContaining('_PARTITIONTIME is null') },
    ]);
  });
});

describe('a table that moves while it is pulled', () => {
  it('pulls a partition again that was rewritten between probe and pull, and notes what it then held', async () => {
    const { run, bigquery, lake, totals } = bench();
    bigquery.before = (_call, sql) => {
      if (!sql.includes('x_rows') || !sql.includes('2026-10-02')) return;
      bigquery.rows = [...DAYS, { day: '2026-10-02', cost: '7', exportTime: '2026-10-04T00:00:00Z' }];
    };

    await run();

    expect(totals()['2026-10-02']).toMatchObject({ USD: { cost: '7.000000000' } });
    expect(heads(lake)!.partitions['2026-10-02']!.token).toBe('2026-10-04T00:00:00.000000Z 2 rows');
  });

  it('gives up on one that never holds still, says what that cost, keeps the others and pulls only that one next time', async () => {
    const { run, bigquery, lake, warnings, failedPulls } = bench();
    let turn = 0;
    bigquery.before = (_call, sql) => {
      if (!sql.includes('x_rows') || !sql.includes('2026-10-02')) return;
      bigquery.rows = [...bigquery.rows, { day: '2026-10-02', cost: `${(turn += 1)}` }];
    };

    expect(await failureOf(run())).toMatchObject({
      code: 'SOURCE_CHANGED',
      on: 'acme.billing.t, partition 2026-10-02',
    });
    // The probe, two other partitions, and three tries of this one; each but the probe with its sums.
    expect(warnings).toEqual([expect.stringMatching(/110\.0 MiB \(\$0\.000656\) were billed before it failed/)]);
    const pulled = { queries: 11, bytesBilled: String(110 * 1024 ** 2), priceUsd: '0.000656', transfer: null };
    expect(failedPulls).toMatchObject([{ name: 'bill', landed: [], rows: 0, pulled }]);
    expect(existsSync(join(lake, 'heads.json'))).toBe(false);
    expect(readdirSync(lake)).toHaveLength(2);
    bigquery.before = () => {};
    bigquery.calls = [];
    await run();

    expect(bigquery.statements.filter((sql) => isPull(sql))).toHaveLength(1);
    expect(Object.keys(heads(lake)!.partitions)).toHaveLength(3);
  });

  it('leaves one that vanished meanwhile to the next probe', async () => {
    const { run, bigquery } = bench();
    await run();
    bigquery.rows = DAYS.map((row) => ({ ...row, exportTime: '2026-10-04T00:00:00Z' }));
    bigquery.before = (_call, sql) => {
      if (sql.includes('x_rows')) bigquery.rows = bigquery.rows.filter(({ day }) => day !== '2026-10-02');
    };

    expect(await failureOf(run())).toMatchObject({
      code: 'SOURCE_CHANGED',
      message: expect.stringContaining('emptied'),
    });
    bigquery.before = () => {};
    expect((await run()).report).toMatchObject({ missing: ['2026-10-02'], rows: 5 });
  });

  it('refuses rows whose sums are not those of the source', async () => {
    const { run, bigquery, lake } = bench();
    bigquery.before = (_call, sql) => {
      bigquery.rows = sql.includes('x_rows') ? DAYS.map((row) => ({ ...row, cost: '4' })) : DAYS;
    };

    expect(await failureOf(run())).toMatchObject({ code: 'SOURCE_INCOMPLETE' });
    expect(existsSync(lake)).toBe(false);
  });
});

describe('guards', () => {
  it('shows what a dry run foresees and pulls nothing that would read more than allowed', async () => {
    const { run, bigquery } = bench(DAYS, ', maximumBytesBilled: 1 MiB');
    expect((await run()).report.pulled).toMatchObject({
      // One MiB to read; three partitions, two queries each, of which none is billed less than 10 MiB.
      estimate: { bytes: '62914560', priceUsd: '0.000358' },
      transfer: 'paged',
    });

    const dear = bench(DAYS, ', maximumBytesBilled: 1 MB');
    expect(await failureOf(dear.run())).toMatchObject({
      code: 'COST_GUARD',
      message: expect.stringContaining('maximumBytesBilled'),
    });
    expect(dear.bigquery.statements).toHaveLength(1);
    const job = bigquery.calls.find(({ method }) => method === 'POST')!;
    expect(job).toMatchObject({
      project: 'jobs',
      body: {
        jobReference: { projectId: 'jobs', location: 'EU' },
        configuration: { labels: { app: 'worthwhile' }, query: { maximumBytesBilled: '1048576' } },
      },
    });
  });

  it('warns of columns it does not know and does not select them', async () => {
    const { run, bigquery, warnings } = bench();
    bigquery.metadata.schema = { fields: [...LIVE_FIELDS, { name: 'brand_new', type: 'STRING' }] };

    await run();

    expect(warnings).toEqual([expect.stringContaining('not read: brand_new')]);
    expect(bigquery.statements.join()).not.toContain('brand_new');
  });

  it.each([
    ['lacks a required column', 'SCHEMA_MISSING_COLUMN', /cost/, LIVE_FIELDS.filter(({ name }) => name !== 'cost')],
    [
      'has a column of another type',
      'SCHEMA_WRONG_TYPE',
      /cost is VARCHAR/,
      LIVE_FIELDS.map((field) => (field.name === 'cost' ? { ...field, type: 'STRING' } : field)),
    ],
  ])('refuses a table that %s', async (_what, code, says, fields) => {
    const { run, bigquery } = bench();
    bigquery.metadata.schema = { fields };

    expect(await failureOf(run())).toMatchObject({ code, message: expect.stringMatching(says), on: 'acme.billing.t' });
    expect(bigquery.statements).toEqual([]);
  });

  it.each([
    [{ type: 'DAY', field: 'export_time' }, 'partitioned by its column export_time'],
    [{ type: 'HOUR' }, 'partitioned by hour'],
    [undefined, 'not partitioned'],
  ])('refuses a table that is partitioned otherwise: %j', async (timePartitioning, says) => {
    const { run, bigquery } = bench();
    const { timePartitioning: _, ...rest } = bigquery.metadata;
    bigquery.metadata = { ...rest, ...(timePartitioning && { timePartitioning }) };

    expect((await failureOf(run())).message).toContain(says);
  });
});

describe('a source whose configuration names something else', () => {
  it('is refused, because the rows of both would count', async () => {
    const { run, lake } = bench();
    await run();

    expect(await failureOf(run({ table: 'copy' }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/was ingested from acme\.billing\.t, now it says acme\.billing\.copy/),
    });
    const kept = readFileSync(join(lake, 'heads.json'), 'utf8');
    const { table: _, ...fromFiles } = JSON.parse(kept) as { table: string };
    writeFileSync(join(lake, 'heads.json'), JSON.stringify(fromFiles));
    expect((await failureOf(run())).message).toMatch(/was ingested from files, now it says acme\.billing\.t/);
  });
});

describe('failures that pass', () => {
  it('asks again, later each time, and counts no row twice', async () => {
    const { run, bigquery, pauses } = bench();
    let left = 3;
    bigquery.before = (call) => {
      if (call.query?.['pageToken'] === undefined || left === 0) return;
      left -= 1;
      throw googleError(left === 2 ? 429 : 503, 'backendError');
    };

    const { report } = await run();

    expect(report.rows).toBe(5);
    expect(pauses).toHaveLength(3);
    expect(pauses[2]!).toBeGreaterThan(pauses[0]!);
  });

  it('resumes after a failure with what is missing', async () => {
    const { run, bigquery } = bench();
    bigquery.before = (_call, sql) => {
      if (isPull(sql) && /WHERE .* = .*10-03/.test(sql)) throw googleError(403, 'accessDenied', 'Access Denied');
    };
    expect(await failureOf(run())).toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    bigquery.before = () => {};
    bigquery.calls = [];

    const { report } = await run();

    expect(report.rows).toBe(5);
    expect(bigquery.statements.filter((sql) => isPull(sql))).toHaveLength(1);
  });
});
