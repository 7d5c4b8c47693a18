import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, selectRows, type Database } from '../../../core/duckdb.ts';
import { prepareModelSession } from '../../../model/engine/duckdb.ts';

describe.each([
  'America/Los_Angeles',
  'UTC',
  'Europe/Stockholm',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
])('the billing day in %s', (timezone) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ threads: 1 });
    await prepareModelSession(database.connection, timezone);
  });
  afterAll(() => database.close());

  const differing = (instants: string): Promise<unknown[]> =>
    selectRows(
      database.connection,
      `SELECT instant, billing_day(instant) AS told FROM (${instants})
         WHERE billing_day(instant) IS DISTINCT FROM (instant AT TIME ZONE '${timezone}')::DATE LIMIT 3`,
    );

  test('is the calendar’s, at every hour of forty years', async () => {
    expect(
      await differing(
        `SELECT unnest(range(TIMESTAMPTZ '1999-12-30', TIMESTAMPTZ '2040-01-02', INTERVAL 1 HOUR)) AS instant`,
      ),
    ).toEqual([]);
  });

  test('is the calendar’s, at any microsecond', async () => {
    const microseconds = fc.array(fc.integer({ min: 0, max: 2_500_000_000 }), { minLength: 200, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(microseconds, async (seconds) => {
        const list = seconds.map((second, index) => `${second}000000 + ${index * 4999}`).join(', ');
        expect(await differing(`SELECT make_timestamptz(unnest([${list}]::BIGINT[])) AS instant`)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test('is null where there is no instant', async () => {
    expect(await selectRows(database.connection, 'SELECT billing_day(NULL::TIMESTAMPTZ) AS told')).toEqual([
      { told: null },
    ]);
  });
});
