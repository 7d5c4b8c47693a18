import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { silentEffects } from '../../core/effects.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';
import { closeMonth, reopenMonth } from '../../model/close/close.ts';
import { verify } from '../../model/close/verify.ts';
import { invoiceTotals, toNanos, world, writeWorld, type World } from './world.ts';

const effects = { ...silentEffects, now: () => new Date('2026-09-20T08:00:00Z') };
const POOLS = [
  '',
  'pools: [{ name: jointly, of: { component: shared }, method: even, include: [blue] }]\n',
  'pools: [{ name: a, of: { component: mover }, method: proportional }, { name: b, of: { project: lake-prod }, method: even }]\n',
];
/** What happens between two looks: the bills and the rest change, or somebody closes or reopens a month. */
const step = fc.record({
  company: world,
  pools: fc.constantFrom(...POOLS),
  afterwards: fc.constantFrom('close 2026-06', 'close 2026-07', 'reopen 2026-06', 'reopen 2026-07', 'nothing'),
});
/** It begins with a close, so that every case has something to keep. */
const history = fc
  .array(step, { minLength: 3, maxLength: 4 })
  .map(([first, ...rest]) => [{ ...first!, afterwards: 'close 2026-06' }, ...rest]);

test('whatever comes late, is changed, closed or reopened: closed months stand, and all is charged once', async () => {
  let trueUps = 0;
  let standing = 0;
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'worthwhile-closes-'));
      try {
        const closed = new Map<string, string[]>();
        const rows: World['rows'] = [];
        for (const { company, pools, afterwards } of steps) {
          rows.push(...company.rows);
          // One file, replaced each time by one with more rows.
          const config = loadConfig(writeWorld(folder, { ...company, rows }, 1, pools));
          await ingest(config, {}, effects);
          const { path } = await build(config, {}, effects);

          for (const [month, lines] of closed) expect(await linesOf(path, month)).toEqual(lines);
          expect(await sums(path, BY_BILL)).toEqual(nonZero(invoiceTotals(rows)));
          expect(await sums(path, BY_CURRENCY)).toEqual(nonZero(byCurrency(invoiceTotals(rows))));
          trueUps += (await linesOf(path)).length;
          standing += closed.size;

          const [what, month = ''] = afterwards.split(' ');
          const request = { month, by: 'Jo', reason: 'asked', accept: true, check: false };
          const outcome = await decide(what!, () =>
            what === 'close' ? closeMonth(config, request, effects) : reopenMonth(config, request, effects),
          );
          // What is refused (nothing to close, not in turn) is part of the game.
          expect(['done', 'nothing', 'CLOSE_REFUSED']).toContain(outcome);
          if (outcome !== 'done') continue;
          const after = await build(config, {}, effects);
          if (what === 'close') closed.set(month, await linesOf(after.path, month));
          else closed.delete(month);
          const partly = await everything(after.path);
          expect(await everything((await build(config, { force: true }, effects)).path)).toEqual(partly);
        }
        const config = loadConfig(join(folder, 'worthwhile.yaml'));
        expect((await verify(config)).filter(({ status }) => status !== 'ok')).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
  expect(trueUps, 'no case had a true-up').toBeGreaterThan(0);
  expect(standing, 'no case had a month that was closed while something changed').toBeGreaterThan(0);
}, 240_000);

/** What became of it: done, nothing to do, or the code under which it was refused. */
async function decide(what: string, act: () => unknown): Promise<string> {
  if (what === 'nothing') return 'nothing';
  try {
    await act();
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const BY_BILL = `SELECT strftime(month, '%Y-%m') || ' ' || BillingCurrency AS "key", sum(BilledCost) AS billed FROM (
    SELECT BillingPeriodStart AS month, BillingCurrency, BilledCost FROM warehouse.fct_chargeback
    UNION ALL SELECT BillingPeriodStart, BillingCurrency, -BilledCost FROM warehouse.fct_true_ups
    UNION ALL SELECT x_TrueUpOf, BillingCurrency, BilledCost FROM warehouse.fct_true_ups) GROUP BY 1`;
const BY_CURRENCY =
  'SELECT BillingCurrency AS "key", sum(BilledCost) AS billed FROM warehouse.fct_chargeback GROUP BY 1';

async function sums(path: string, sql: string): Promise<Record<string, bigint>> {
  const rows = (await read(path, sql)) as { key: string; billed: string }[];
  return nonZero(Object.fromEntries(rows.map(({ key, billed }) => [key, toNanos(billed)])));
}

function byCurrency(totals: Record<string, bigint>): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const [key, total] of Object.entries(totals)) sums[key.slice(8)] = (sums[key.slice(8)] ?? 0n) + total;
  return sums;
}

const nonZero = (totals: Record<string, bigint>): Record<string, bigint> =>
  Object.fromEntries(Object.entries(totals).filter(([, total]) => total !== 0n));

/** The rows charged in a month; without one, the rows of kind TrueUp in any. */
async function linesOf(path: string, month?: string): Promise<string[]> {
  const where = month ? `BillingPeriodStart = DATE '${month}-01'` : "ChargeKind = 'TrueUp'";
  const rows = await read(path, `SELECT * FROM warehouse.fct_chargeback WHERE ${where} ORDER BY ALL`);
  return rows.map((row) => JSON.stringify(row));
}

async function everything(path: string): Promise<unknown[]> {
  const marts = ['fct_chargeback', 'fct_true_ups', 'fct_closes', 'fct_reconciliation'];
  return Promise.all(marts.map((mart) => read(path, `SELECT * FROM warehouse.${mart} ORDER BY ALL`)));
}

async function read(path: string, sql: string): Promise<unknown[]> {
  const database = await openDatabase();
  try {
    await database.connection.run(`ATTACH ${sqlText(path)} AS warehouse (READ_ONLY)`);
    return await selectRows(database.connection, sql);
  } finally {
    database.close();
  }
}
