import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../../core/config/load.ts';
import { openDatabase, type Database } from '../../../core/duckdb.ts';
import type { BatchManifest, LakeBatch } from '../../../core/lake.ts';
import { readinessOf, type Readiness } from '../../../model/close/readiness.ts';
import type { BatchMonths } from '../../../model/months/changed-months.ts';

let database: Database;
beforeEach(async () => {
  database = await openDatabase({ threads: 1 });
  for (const statement of [
    `CREATE TABLE fct_reconciliation AS SELECT 'a-to-b' AS x_Reconciliation, DATE '2026-09-01' AS BillingPeriodStart, 'USD' AS BillingCurrency,
     'BilledCost' AS x_CostColumn, 0.000000001::DECIMAL(38, 9) AS x_Difference, true AS x_Holds`,
    `CREATE TABLE fct_coverage AS SELECT DATE '2026-09-01' AS BillingPeriodStart, 'USD' AS BillingCurrency,
     unnest(['label', 'unallocated']) AS x_AttributionStep, unnest([90.0, 10.0]) AS x_AbsoluteBilledCost`,
    `CREATE TABLE meta_generation AS SELECT DATE '2026-09-30' AS x_LastCompleteDay`,
  ])
    await database.connection.run(statement);
});
afterEach(() => database.close());

const config = parseConfig(
  'timezone: Europe/Stockholm\nsources: [{ name: gcp, kind: gcp-billing-detailed, files: [x] }]',
  '/w.yaml',
);

/** A batch of a day's export, with rows of these billing months. */
function exported(day: string, months: string[], firstDay = day): { batch: LakeBatch; months: BatchMonths } {
  const manifest = {
    source: 'gcp',
    batchId: `${day}${firstDay}`,
    exportTimeMax: `${day} 04:00:00+00`,
    chargePeriodMin: firstDay,
    chargePeriodMax: day,
  };
  return {
    batch: { manifest: manifest as BatchManifest, folder: '', files: [] },
    months: {
      source: 'gcp',
      batchId: manifest.batchId,
      projection: '',
      billingPeriods: months.map((month) => `${month}-01`),
    },
  };
}

async function looked(now: string, exports: ReturnType<typeof exported>[] = []): Promise<Record<string, Readiness>> {
  const given = {
    config,
    batches: exports.map(({ batch }) => batch),
    months: exports.map(({ months }) => months),
    now: new Date(now),
  };
  const found = await readinessOf(database.connection, '2026-09', given);
  return Object.fromEntries(found.map((one) => [one.what, one]));
}

describe('a month', () => {
  test('that is not over on the billing clock is refused, and nothing else is said of it', async () => {
    expect(await looked('2026-09-30T21:59:00Z')).toEqual({
      freshness: {
        what: 'freshness',
        status: 'refused',
        detail: '2026-09 is not over: its last day is 2026-09-30, and it is 2026-09-30',
      },
    });
    expect((await looked('2026-09-30T22:01:00Z'))['freshness']!.status).toBe('ok');
  });

  test('that does not tie is refused, by the sum that is off', async () => {
    expect((await looked('2026-10-20T00:00:00Z'))['reconciliation']).toMatchObject({ status: 'ok' });
    await database.connection.run('UPDATE fct_reconciliation SET x_Holds = false');
    expect((await looked('2026-10-20T00:00:00Z'))['reconciliation']).toMatchObject({
      status: 'refused',
      detail: 'a-to-b, BilledCost is off by 0.000000001 USD',
    });
  });

  test('of which more than a tenth has no owner, or whose last days are not complete, gives reason to wait', async () => {
    expect(await looked('2026-10-20T00:00:00Z')).toMatchObject({
      coverage: { status: 'ok', detail: '10.0 % of USD spend has no owner' },
      freshness: { status: 'ok', detail: 'it ended 19 days ago, and usage is complete up to 2026-09-30' },
    });
    await database.connection.run(
      "UPDATE fct_coverage SET x_AbsoluteBilledCost = 11 WHERE x_AttributionStep = 'unallocated'",
    );
    await database.connection.run("UPDATE meta_generation SET x_LastCompleteDay = DATE '2026-09-29'");
    expect(await looked('2026-10-20T00:00:00Z')).toMatchObject({
      coverage: { status: 'warning', detail: '10.9 % of USD spend has no owner' },
      freshness: { status: 'warning', detail: 'it ended 19 days ago, but usage is complete only up to 2026-09-29' },
    });
  });
});

describe('what may still come', () => {
  const history = [
    exported('2026-07-31', ['2026-07']),
    exported('2026-08-04', ['2026-07', '2026-08']),
    exported('2026-08-20', ['2026-08']),
    exported('2026-09-06', ['2026-08', '2026-09']),
    exported('2026-09-30', ['2026-09']),
  ];

  test('is learned from how late rows of earlier months came', async () => {
    expect((await looked('2026-10-06T12:00:00Z', history))['still to come']).toEqual({
      what: 'still to come',
      status: 'warning',
      detail: 'rows of earlier months came up to 6 days after their end (2 looked at)',
    });
    expect((await looked('2026-10-08T12:00:00Z', history))['still to come']!.status).toBe('ok');
  });

  test('is plainly not known where the exports do not tell: files over many months, or none that says when it was made', async () => {
    const whole = [exported('2026-10-02', ['2026-01', '2026-09'], '2026-01-01')];
    expect((await looked('2026-10-07T12:00:00Z', whole))['still to come']).toMatchObject({
      status: 'warning',
      detail: 'the exports do not tell how late rows of a month come; taken to be 7 days',
    });
    expect((await looked('2026-10-08T12:00:00Z'))['still to come']!.status).toBe('ok');
  });

  test('is likely something where rows of it arrived only now', async () => {
    const late = [...history, exported('2026-10-19', ['2026-09', '2026-10'])];
    expect((await looked('2026-10-20T12:00:00Z', late))['still to come']).toMatchObject({
      status: 'warning',
      detail: 'rows of it arrived as late as 2026-10-19',
    });
    expect((await looked('2026-10-21T12:00:00Z', late))['still to come']!.status).toBe('ok');
  });
});
