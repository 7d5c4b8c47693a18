import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { silentEffects } from '../../core/effects.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';
import { invoiceTotals, toNanos, world, writeWorld } from './world.ts';

const RUNS = { numRuns: 12, endOnFailure: true };

test('every invoice month of any company is charged to the last nano-unit, whatever the files, their order and repeated runs', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.integer({ min: 1, max: 3 }), async (company, files) => {
      await inScratch(async (folder) => {
        const config = loadConfig(writeWorld(folder, company, files));
        await ingest(config, {}, silentEffects);
        const first = await build(config, {}, silentEffects);
        const expected = invoiceTotals(company.rows);

        for (const mart of ['fct_chargeback', 'fct_cost_monthly', 'fct_coverage']) {
          expect(await billed(first.path, mart), mart).toEqual(expected);
        }
        expect(await daily(first.path)).toEqual(byCurrency(expected));

        renameSync(join(folder, 'export', 'part-0.ndjson'), join(folder, 'export', 'z-renamed.ndjson'));
        await ingest(config, {}, silentEffects);
        const second = await build(config, { force: true }, silentEffects);
        expect(await billed(second.path, 'fct_chargeback')).toEqual(expected);
      });
    }),
    RUNS,
  );
}, 120_000);

async function inScratch(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-world-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function billed(path: string, mart: string): Promise<Record<string, bigint>> {
  return nanosByKey(
    path,
    `SELECT strftime(BillingPeriodStart, '%Y-%m') || ' ' || BillingCurrency AS "key", sum(BilledCost) AS "BilledCost"
     FROM warehouse.${mart} GROUP BY ALL`,
  );
}

async function daily(path: string): Promise<Record<string, bigint>> {
  return nanosByKey(
    path,
    `SELECT BillingCurrency AS "key", sum(BilledCost) AS "BilledCost" FROM warehouse.fct_cost_daily GROUP BY ALL`,
  );
}

async function nanosByKey(path: string, sql: string): Promise<Record<string, bigint>> {
  const database = await openDatabase();
  await database.connection.run(`ATTACH ${sqlText(path)} AS warehouse (READ_ONLY)`);
  const rows = await selectRows<{ key: string; BilledCost: string }>(database.connection, sql);
  database.close();
  return Object.fromEntries(rows.map((row) => [row.key, toNanos(row.BilledCost)]));
}

function byCurrency(totals: Record<string, bigint>): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const [key, total] of Object.entries(totals)) {
    const currency = key.split(' ')[1]!;
    sums[currency] = (sums[currency] ?? 0n) + total;
  }
  return sums;
}
