import { rmSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shardOf } from '../../../ingest/files/source-file.ts';
import { detailedRows, failureOf, workbench, type Workbench } from '../workbench.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-10-04T12:00:00Z') / 1000;

const shardName = (folder: string, number: number): string => `${folder}/${String(number).padStart(12, '0')}.parquet`;

/** 20 rows of their own for each shard; the cost of a row is its number. */
const rowsOf = (shard: number): string =>
  detailedRows({ cost: `CAST(${shard * 20} + i + 1 AS DOUBLE)` }, 'range(20) AS t(i)');

interface Export extends Workbench {
  /** Writes shards `from` to `to` (exclusive) as of `times(number)` in seconds after noon, each with the rows of `rows(number)`. */
  shards: (
    range: [from: number, to: number],
    times: (number: number) => number,
    rows?: (number: number) => string,
    folder?: string,
  ) => Promise<string[]>;
  total: () => number;
}

function exporting(): Export {
  const bench = workbench();
  return {
    ...bench,
    total: () => bench.batches().reduce((rows, batch) => rows + batch.rows, 0),
    shards: async ([from, to], times, rows = rowsOf, folder = 'export/export_day=2026-10-03') => {
      const paths: string[] = [];
      for (let number = from; number < to; number++) {
        const path = await bench.writeParquet(shardName(folder, number), rows(number));
        utimesSync(path, NOON + times(number), NOON + times(number));
        paths.push(path);
      }
      return paths;
    },
  };
}

/** The rows that the earlier run had in 4 shards, as the later one writes them into 2. */
const merged = (shard: number): string => `${rowsOf(shard * 2)} UNION ALL ${rowsOf(shard * 2 + 1)}`;

describe('shards that an earlier, larger export left', () => {
  it.each(['export/export_day=2026-10-03', 'export/2026-10-03'])(
    'are left out by name where all of their rows are in the newer ones, and nothing counts twice: %s',
    async (folder) => {
      const bench = exporting();
      await bench.shards([0, 4], () => 0, rowsOf, folder);
      expect((await bench.ingest()).skipped).toEqual([]);
      expect(bench.total()).toBe(80);

      await bench.shards([0, 2], () => 10 * MINUTE, merged, folder);

      for (const _ of [1, 2]) {
        const { skipped, sources } = await bench.ingest();
        expect(skipped).toEqual(
          [2, 3].map((number) => ({
            what: bench.path(shardName(folder, number)),
            why: expect.stringContaining('an earlier export left it'),
          })),
        );
        expect(bench.total()).toBe(80);
        expect(sources[0]!.rows).toBe(80);
      }
      for (const number of [2, 3]) rmSync(bench.path(shardName(folder, number)));
      expect((await bench.ingest()).skipped).toEqual([]);
      expect(bench.total()).toBe(80);
    },
  );

  it('are refused where the later export no longer has every row of them: leaving them out could lose money', async () => {
    const bench = exporting();
    await bench.shards([0, 4], () => 0);
    await bench.ingest();
    await bench.shards(
      [0, 2],
      () => 10 * MINUTE,
      (shard) => `${merged(shard)} EXCEPT ALL SELECT * FROM (${rowsOf(3)} LIMIT 5)`,
    );

    const failure = await failureOf(bench.ingest());

    expect(failure).toMatchObject({ code: 'SOURCE_CHANGED', on: bench.path('export/export_day=2026-10-03/*.parquet') });
    expect(failure.message).toContain('of 20 rows looked at in 000000000003.parquet are in other shards too');
    expect(failure.message).toContain(
      'if 000000000002.parquet and 000000000003.parquet are left from an earlier export, delete them',
    );
    expect(bench.total()).toBe(80);
  });

  it('are refused where a copy gave all files one time, so that nobody can tell which are newer', async () => {
    const bench = exporting();
    await bench.shards([0, 4], () => 0);
    await bench.shards([0, 2], () => 0, merged);

    const failure = await failureOf(bench.ingest());

    expect(failure.message).toContain('20 of 20 rows looked at in 000000000003.parquet are in other shards too');
    expect(failure.message).toContain('empty ');
    expect(bench.total()).toBe(0);
  });

  it('are refused where they are of another time and hold other rows: another month exported to one place', async () => {
    const bench = exporting();
    await bench.shards([0, 4], () => 0);
    await bench.shards(
      [0, 2],
      () => 3 * DAY,
      (shard) => rowsOf(shard + 100),
    );

    expect((await failureOf(bench.ingest())).message).toContain('were written 3 days before the lower ones');
  });

  it('are refused where another export of the same rows lies in the same partition under another name', async () => {
    const bench = exporting();
    await bench.shards([0, 2], () => 0);
    const folder = 'export/export_day=2026-10-03/again';
    await bench.shards([0, 1], () => HOUR, merged, folder);

    expect(await failureOf(bench.ingest())).toMatchObject({ code: 'SOURCE_CHANGED' });
  });
});

describe('an honest export', () => {
  const anHourLong = (order: number[]) => (number: number) => order.indexOf(number) * 20 * MINUTE;

  it.each([
    ['slowly, in order', anHourLong([0, 1, 2, 3, 4, 5])],
    ['slowly, the highest number first', anHourLong([5, 4, 3, 2, 1, 0])],
    ['slowly, by several workers', anHourLong([3, 0, 5, 1, 4, 2])],
    ['at once', () => 0],
    ['with a last shard long before its first', (number: number) => (number === 5 ? 0 : 50 * MINUTE)],
  ])('written %s counts whole', async (_name, times) => {
    const bench = exporting();
    await bench.shards([0, 6], times);

    expect((await bench.ingest()).skipped).toEqual([]);
    expect(bench.total()).toBe(120);
  });

  it('with a few equal rows in several shards counts them all: a charge may equal another', async () => {
    const bench = exporting();
    await bench.shards(
      [0, 3],
      () => 0,
      (shard) => `${rowsOf(shard)} UNION ALL ${rowsOf(500)} LIMIT 25`,
    );

    expect((await bench.ingest()).skipped).toEqual([]);
    expect(bench.total()).toBe(75);
  });

  it('with shards that cost nothing is not taken for two', async () => {
    const bench = exporting();
    await bench.shards(
      [0, 3],
      () => 0,
      () => detailedRows({ cost: '0::DOUBLE', usage: `{'amount': ${Math.E}}` }),
    );
    // Equal bytes are one file copied, which is another matter: these differ by one row.
    await bench.shards(
      [0, 3],
      () => 0,
      (shard) => detailedRows({ cost: `CASE WHEN i = 0 THEN ${shard + 1}::DOUBLE ELSE 0 END` }),
    );

    expect((await bench.ingest()).skipped).toEqual([]);
    expect(bench.total()).toBe(9);
  });

  it('whose later run has more shards replaces the earlier one', async () => {
    const bench = exporting();
    await bench.shards([0, 2], () => 0, merged);
    await bench.ingest();
    await bench.shards([0, 4], () => DAY);

    expect((await bench.ingest()).skipped).toEqual([]);
    expect(bench.total()).toBe(80);
  });

  it('without hive folders is one partition, so that a smaller one into an emptied folder replaces it', async () => {
    const bench = exporting();
    const folder = 'export/2026-10-03';
    await bench.shards([0, 4], () => 0, rowsOf, folder);
    await bench.ingest();
    rmSync(bench.path(folder), { recursive: true });
    await bench.shards([0, 2], () => DAY, merged, folder);

    expect((await bench.ingest()).sources[0]).toMatchObject({
      rows: 80,
      missing: [],
      replaced: ['2026-10-03/*.parquet'],
    });
  });

  it('is refused where a shard is missing in the middle, and leaves what landed before', async () => {
    const bench = exporting();
    const paths = await bench.shards([0, 4], () => 0);
    await bench.ingest();
    rmSync(paths[1]!);

    expect(await failureOf(bench.ingest())).toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringContaining('of 4 shards some are missing: 000000000001'),
    });
    expect(bench.total()).toBe(80);
  });

  it('with a broken shard is refused for that', async () => {
    const bench = exporting();
    await bench.shards([0, 2], () => 0);
    bench.write(shardName('export/export_day=2026-10-03', 2), 'PAR1 cut');

    expect(await failureOf(bench.ingest())).toMatchObject({
      code: 'FILE_CORRUPT',
      on: expect.stringContaining('000000000002.parquet'),
    });
  });
});

describe('the name of a shard', () => {
  it.each([
    ['day/000000000012.parquet', { set: 'day/*.parquet', number: 12 }],
    ['day/cost-000000000000.csv.gz', { set: 'day/cost-*.csv.gz', number: 0 }],
    ['day/202610010930.csv', null],
    ['day/0000000000012.parquet', null],
    ['day/00000012.parquet', null],
    ['000000000001/all.parquet', null],
  ])('%s', (path, shard) => {
    expect(shardOf(path)).toEqual(shard);
  });
});
