import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../../core/config/load.ts';
import type { BigQueryQuery } from '../../../core/config/schema.ts';
import { silentEffects } from '../../../core/effects.ts';
import { queryRowsToParquet, type QueriedRows } from '../../../ingest/bigquery/query-rows.ts';
import { failureOf, query as select } from '../workbench.ts';
import { FakeBigQuery, googleError } from './fake-bigquery.ts';

const SQL = 'SELECT day, consumer, quantity, big FROM drivers';

function settings(extra = ''): BigQueryQuery {
  const text = `{ sources: [{ name: a, kind: focus, files: ['x'] }], drivers: [{ name: d, bigquery: { project: p, query: '${SQL}'${extra} } }] }`;
  return parseConfig(text, '/company/worthwhile.yaml').drivers[0]!.bigquery!;
}

function fake(rows: (string | null)[][]): FakeBigQuery {
  const bigquery = new FakeBigQuery([]);
  const types = { day: 'DATE', consumer: 'STRING', quantity: 'NUMERIC', big: 'INT64' };
  bigquery.answers.set(SQL, {
    schema: Object.entries(types).map(([name, type]) => ({ name, type })),
    rows: rows.map((cells) => ({ f: cells.map((v) => ({ v })) })),
  });
  return bigquery;
}

function work(bigquery: FakeBigQuery, extra = ''): { target: string; run: () => Promise<QueriedRows> } {
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-query-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const target = join(folder, 'rows.parquet');
  const open = async (): Promise<FakeBigQuery['api']> => bigquery.api;
  return { target, run: () => queryRowsToParquet(settings(extra), 'driver "d"', target, silentEffects, open) };
}

describe('the rows of a query', () => {
  it('arrive exactly, in one file', async () => {
    const bigquery = fake([
      ['2026-10-01', 'playlist-api', '0.1', '9007199254740993'],
      ['2026-10-02', null, '-12345678901234567890.123456789', null],
      ['2026-10-03', 'größe', '3', '-1'],
    ]);
    const { target, run } = work(bigquery);

    const queried = await run();

    expect(queried).toMatchObject({ rows: 3, pulled: { bytesBilled: '10485760', priceUsd: '0.000060' } });
    expect(queried.columns.map(({ type }) => type)).toEqual(['DATE', 'VARCHAR', 'DECIMAL(38,9)', 'BIGINT']);
    expect(await select(`SELECT * FROM '${target}'`)).toEqual([
      { day: '2026-10-01', consumer: 'playlist-api', quantity: '0.100000000', big: '9007199254740993' },
      { day: '2026-10-02', consumer: null, quantity: '-12345678901234567890.123456789', big: null },
      { day: '2026-10-03', consumer: 'größe', quantity: '3.000000000', big: '-1' },
    ]);
  });

  it('are a file with columns where there are none', async () => {
    const { target, run } = work(fake([]));

    expect(await run()).toMatchObject({ rows: 0 });
    expect(await select(`DESCRIBE SELECT * FROM '${target}'`)).toHaveLength(4);
  });

  it('are not asked for where they would cost more than allowed', async () => {
    const bigquery = fake([]);
    const { target, run } = work(bigquery, ', maximumBytesBilled: 1 KB');

    expect(await failureOf(run())).toMatchObject({ code: 'COST_GUARD', on: 'driver "d"' });
    expect(bigquery.statements).toEqual([]);
    expect(existsSync(target)).toBe(false);
  });

  it('name the role where the query is refused', async () => {
    const bigquery = fake([]);
    bigquery.before = () => {
      throw googleError(
        403,
        'accessDenied',
        'Access Denied: Project p: User does not have bigquery.jobs.create permission',
      );
    };

    expect(await failureOf(work(bigquery).run())).toMatchObject({
      code: 'SOURCE_FORBIDDEN',
      message: expect.stringContaining('roles/bigquery.jobUser on project p'),
    });
  });
});
