import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { silentEffects } from '../../core/effects.ts';
import { generateCompany } from '../../fixtures/generate.ts';
import type { Truth } from '../../fixtures/truth/truth.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';
import { toNanos } from '../properties/world.ts';

/** The sample company as it is handed out, with its pools: what was planted must come out of the other end. */
const root = mkdtempSync(join(tmpdir(), 'worthwhile-sample-'));
let truth: Truth;
let database: Awaited<ReturnType<typeof openDatabase>>;
const select = (sql: string) => selectRows<Record<string, string>>(database.connection, sql);

beforeAll(async () => {
  const folder = join(root, 'company');
  truth = await generateCompany({ folder, size: 'small', seed: 7, endMonth: '2026-06', formats: [] }, silentEffects);
  const config = loadConfig(join(folder, 'worthwhile.yaml'));
  await ingest(config, {}, silentEffects);
  const { path } = await build(config, {}, silentEffects);
  database = await openDatabase();
  await database.connection.run(`ATTACH ${sqlText(path)} AS warehouse (READ_ONLY); USE warehouse`);
}, 120_000);

afterAll(() => {
  database?.close();
  rmSync(root, { recursive: true, force: true });
});

const MONTH = `strftime(BillingPeriodStart, '%Y-%m')`;

describe('the chargeback of the sample company', () => {
  test('every month ties to its invoice, with what pools pass on in it', async () => {
    const rows = await select(`SELECT ${MONTH} AS "month", sum(BilledCost) AS billed FROM fct_chargeback GROUP BY 1`);

    expect(Object.fromEntries(rows.map(({ month, billed }) => [month, billed]))).toEqual(
      Object.fromEntries(truth.months.map((month) => [month, truth.invoiceMonths[month]!.net])),
    );
  });

  test('without what is shared, each squad is charged what was planted for it, by kind', async () => {
    const owners = await select(
      `SELECT split_part(unnest(string_split(x_Owners, ', ')), '=', 1) AS squad FROM dim_components WHERE contains(x_Owners, ', ')`,
    );
    const joint = new Set(owners.map(({ squad }) => squad));
    // What a pool takes of what nobody owns is direct cost of nobody.
    const rows = await select(
      `SELECT ${MONTH} AS "month", SquadId AS squad, CASE WHEN SquadId = 'unallocated' THEN 'Unallocated' ELSE ChargeKind END AS kind,
         sum(BilledCost) AS billed
       FROM fct_chargeback WHERE ChargeKind NOT IN ('SharedIn', 'SharedOut') GROUP BY ALL`,
    );
    const beyond = new Map(rows.map(({ month, squad, kind, billed }) => [`${month} ${squad} ${kind}`, toNanos(billed!)]));
    for (const month of truth.months) {
      for (const [squad, kinds] of Object.entries(truth.squads[month]!)) {
        for (const [kind, net] of Object.entries(kinds)) {
          const key = `${month} ${squad} ${kind}`;
          beyond.set(key, (beyond.get(key) ?? 0n) - toNanos(net));
        }
      }
    }

    // The truth keeps what several squads own together apart; it is all that is found beside it, and with its owners.
    const rest = [...beyond].filter(([, amount]) => amount !== 0n);
    expect(rest.map(([key]) => key.split(' ')[1]!).filter((squad) => !joint.has(squad))).toEqual([]);
    for (const month of truth.months) {
      const found = rest.filter(([key]) => key.startsWith(month)).reduce((sum, [, amount]) => sum + amount, 0n);
      const planted = Object.values(truth.jointComponents[month] ?? {}).reduce((sum, net) => sum + toNanos(net), 0n);
      expect(found, month).toBe(planted);
    }
    expect(beyond.size - rest.length).toBeGreaterThan(500);
  });

  test('what is shared sums to zero in every month, pool by pool', async () => {
    const rows = await select(
      `SELECT ${MONTH} AS "month", x_PoolId AS pool, sum(BilledCost) AS billed, max(BilledCost) AS largest
       FROM fct_pool_charges GROUP BY ALL`,
    );

    expect(rows.filter(({ billed }) => toNanos(billed!) !== 0n)).toEqual([]);
    for (const month of truth.months) {
      const moving = rows.filter((row) => row['month'] === month && toNanos(row['largest']!) > 0n);
      expect(moving.map(({ pool }) => pool).sort()).toEqual([
        'event-bus',
        'kubernetes',
        'logs',
        'nat',
        'support',
        'warehouse',
      ]);
    }
  });

  test('what fell into a pool is what it passed on and what it kept, and nothing is kept below zero', async () => {
    const kept = await select(
      `WITH moved AS (
         SELECT BillingPeriodStart, x_PoolId, SquadId, BilledCost AS took, 0::DECIMAL(38, 9) AS gave FROM fct_pool_costs
         UNION ALL
         SELECT BillingPeriodStart, x_PoolId, SquadId, 0, BilledCost FROM fct_pool_charges WHERE ChargeKind = 'SharedOut'
       )
       SELECT x_PoolId AS pool, sum(took) AS took, sum(took + gave) AS kept FROM moved GROUP BY ALL ORDER BY 1`,
    );

    expect(kept.length).toBe(6);
    for (const { took, kept: rest } of kept) {
      expect(toNanos(took!)).toBeGreaterThan(0n);
      expect(toNanos(rest!)).toBeGreaterThanOrEqual(0n);
    }
    expect(Object.fromEntries(kept.map(({ pool, kept: rest }) => [pool, toNanos(rest!) === 0n]))).toMatchObject({
      kubernetes: true,
      support: true,
    });
  });
});
