import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

const TARGETS = ['squad:red', 'squad:blue', 'component:mover', 'component:shared', 'pool:a', 'pool:b', 'pool:c'];
const CONDITIONS = [
  { component: 'shared' },
  { component: 'mover' },
  { squad: 'red' },
  { project: 'lake*' },
  { chargeCategory: 'Tax' },
  { namespace: 'kube:*' },
  { label: { key: 'squad' } },
  { service: '*' },
];

const shares = fc
  .dictionary(fc.constantFrom(...TARGETS), fc.constantFrom('0.000000001', '0.3', '1', '7', '1000000'), { minKeys: 1 })
  // One that is no pool, so that no network is trapped.
  .map((drawn) => ({ 'squad:blue': '0.000001', ...drawn }));
const method = fc.oneof(
  fc.record({ method: fc.constant('fixed'), shares }),
  fc.record({ method: fc.constant('even'), level: fc.constantFrom('squad', 'component') }),
  fc.record({ method: fc.constant('proportional'), base: fc.constantFrom('BilledCost', 'ListCost') }),
  fc.record({
    method: fc.constant('driver'),
    driver: fc.constant('bytes'),
    fallback: fc.constantFrom('previous', 'even', 'keep'),
  }),
);
const pool = fc
  .record({
    of: fc.array(fc.constantFrom(...CONDITIONS), { minLength: 1, maxLength: 2 }),
    how: method,
    from: fc.option(fc.constantFrom('2026-06-01', '2026-06-16'), { nil: undefined }),
  })
  .map(({ how, from, of }) => ({ of, ...how, ...(from && { from }) }));
const pools = fc.array(pool, { minLength: 1, maxLength: 3 });
/** Tiny, huge, zero and missing quantities; consumers that are pools themselves, owned by two squads, or unknown. */
const driver = fc.array(
  fc.tuple(
    fc.constantFrom('2026-05', '2026-06'),
    fc.constantFrom('mover', 'shared', 'lake', 'red', 'nobody'),
    fc.constantFrom('0', '0.000000001', '1', '123456789012'),
  ),
  { maxLength: 6 },
);

test('whatever pools there are, every month stays what was invoiced, and each pool gives what it passes on', async () => {
  await fc.assert(
    fc.asyncProperty(world, pools, driver, async (company, drawn, quantities) => {
      const folder = mkdtempSync(join(tmpdir(), 'worthwhile-pools-'));
      try {
        const names = ['a', 'b', 'c'].slice(0, drawn.length);
        const configured = drawn.map((one, index) => ({ name: names[index], ...withKnownPools(one, names) }));
        const path = writeWorld(
          folder,
          company,
          2,
          `drivers: [{ name: bytes, files: [./bytes.csv] }]\npools: ${JSON.stringify(configured)}\n`,
        );
        const rows = new Map(quantities.map(([month, consumer, quantity]) => [`${month},${consumer}`, quantity]));
        writeFileSync(
          join(folder, 'bytes.csv'),
          ['month,consumer,quantity', '2026-04,blue,1', ...[...rows].map((row) => row.join(',')), ''].join('\n'),
        );
        const config = loadConfig(path);
        await ingest(config, {}, silentEffects);
        const { path: generation } = await build(config, {}, silentEffects);

        expect(await sums(generation, 'fct_chargeback', 'true')).toEqual(invoiceTotals(company.rows));
        const passed = await sums(generation, 'fct_pool_charges', 'true');
        expect(Object.values(passed).filter((total) => total !== 0n)).toEqual([]);
        expect(await sums(generation, 'fct_chargeback', "ChargeKind = 'SharedIn'")).toEqual(
          await sums(generation, 'fct_pool_charges', "ChargeKind = 'SharedIn'"),
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);

function withKnownPools<Pool extends object>(of: Pool, names: string[]): Pool {
  if (!('shares' in of)) return of;
  const known = Object.entries(of.shares as object).filter(
    ([key]) => !key.startsWith('pool:') || names.includes(key.slice('pool:'.length)),
  );
  return { ...of, shares: Object.fromEntries(known) };
}

async function sums(path: string, mart: string, where: string): Promise<Record<string, bigint>> {
  const database = await openDatabase();
  await database.connection.run(`ATTACH ${sqlText(path)} AS warehouse (READ_ONLY)`);
  const rows = await selectRows<{ key: string; BilledCost: string }>(
    database.connection,
    `SELECT strftime(BillingPeriodStart, '%Y-%m') || ' ' || BillingCurrency AS "key", sum(BilledCost) AS "BilledCost"
     FROM warehouse.${mart} WHERE ${where} GROUP BY ALL ORDER BY 1`,
  );
  database.close();
  return Object.fromEntries(rows.map((row) => [row.key, toNanos(row.BilledCost)]));
}
