import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { openDatabase, selectRows, sqlName, sqlText } from '../../core/duckdb.ts';
import { silentEffects, type Effects } from '../../core/effects.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';
import { world, writeWorld } from './world.ts';

/** A row of a FOCUS file whose amounts are finer than 9 decimals, so that its month has to be rounded as a whole. */
const focusRow = fc.record({
  isLate: fc.boolean(),
  day: fc.integer({ min: 1, max: 28 }),
  atto: fc.bigInt({ min: -5_000_000_000n, max: 5_000_000_000n }),
});
const history = fc.record({
  before: world,
  after: world,
  focus: fc.array(fc.array(focusRow, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 3 }),
  files: fc.integer({ min: 2, max: 5 }),
  googleChanges: fc.boolean(),
  lateRowsMove: fc.boolean(),
});
/** Each FOCUS file has a month of its own, and now and then a late row of another. */
const FOCUS_MONTHS = ['2026-03', '2026-04', '2026-06'];
const still: Effects = { ...silentEffects, now: () => new Date('2026-08-01T00:00:00Z') };

test('months carried over are those a whole build would make, whatever batches came, changed or went', async () => {
  let carriedOver = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ before, after, focus, files, googleChanges, lateRowsMove }) => {
      const folder = mkdtempSync(join(tmpdir(), 'worthwhile-months-'));
      try {
        const config = loadConfig(writeBoth(folder, before, files, focus.slice(1)));
        await ingest(config, {}, still);
        await build(config, {}, still);

        const { share, moves } = before;
        const changed = googleChanges ? after.rows.slice(0, 3) : [];
        const rows = before.rows.map((row, index) => (index % files === 0 ? (changed[index] ?? row) : row));
        const corrected = focus.map((file) => file.map((row) => ({ ...row, isLate: row.isLate && !lateRowsMove })));
        writeBoth(folder, { rows, share, moves }, files, corrected);
        await ingest(config, {}, still);
        const partly = await build(config, {}, still);
        const asPartly = await everyMart(partly.path);
        const whole = await build(config, { force: true }, still);

        expect(whole.monthsMade).toBeNull();
        expect(partly.monthsMade).not.toBeNull();
        expect(asPartly).toEqual(await everyMart(whole.path));
        if (partly.published && partly.monthsMade!.length < (await monthCount(whole.path))) carriedOver++;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
  expect(carriedOver, 'no case carried a month over').toBeGreaterThan(0);
}, 120_000);

function writeBoth(
  folder: string,
  company: Parameters<typeof writeWorld>[1],
  files: number,
  focus: { isLate: boolean; day: number; atto: bigint }[][],
): string {
  const path = writeWorld(folder, company, files);
  mkdirSync(join(folder, 'focus'), { recursive: true });
  for (const [index, rows] of focus.entries()) {
    // Named from the end, so that the file that comes later is the first of the list.
    const name = `${focus.length - index}.csv`;
    const lines = rows.map(({ isLate, day, atto }) => {
      const cost = amount(atto);
      const own = (focus.length - 1 - index) % FOCUS_MONTHS.length;
      const month = FOCUS_MONTHS[isLate ? FOCUS_MONTHS.length - 1 : own]!;
      return `${cost},${cost},${cost},${cost},USD,${month}-01T00:00:00Z,${month}-${String(day).padStart(2, '0')}T00:00:00Z,Usage,p-${index}`;
    });
    const header =
      'BilledCost,EffectiveCost,ContractedCost,ListCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,SubAccountId';
    writeFileSync(join(folder, 'focus', name), [header, ...lines, ''].join('\n'));
  }
  const config = join(folder, 'focus.yaml');
  writeFileSync(
    config,
    `workspace: ./data
sources:
  - { name: gcp, kind: gcp-billing-detailed, files: [./export/*.ndjson] }
  - { name: aws, kind: focus, files: [./focus/*.csv] }
catalog:
  history:
    - { asOf: 2026-01-01, files: [./catalog/before/*.yaml] }
    - { asOf: 2026-06-16, files: [./catalog/after/*.yaml] }
attribution: { componentLabels: [component], squadLabels: [squad] }
`,
  );
  return path && config;
}

/** A ten-thousand-millionth of a nano-unit more or less decides how a month is rounded. */
function amount(atto: bigint): string {
  const magnitude = atto < 0n ? -atto : atto;
  return `${atto < 0n ? '-' : ''}0.${String(magnitude).padStart(13, '0')}`;
}

/** All rows of all marts but what tells of the generation itself. */
async function everyMart(path: string): Promise<Record<string, unknown[]>> {
  return reading(path, async (connection) => {
    const tables = await selectRows<{ name: string }>(connection, 'SELECT name FROM (SHOW TABLES)');
    const rows: Record<string, unknown[]> = {};
    for (const { name } of tables) {
      const others = name === 'meta_generation' ? 'EXCLUDE (x_Generation)' : '';
      rows[name] = await selectRows(connection, `SELECT * ${others} FROM ${sqlName(name)} ORDER BY ALL`);
    }
    return rows;
  });
}

async function monthCount(path: string): Promise<number> {
  return reading(path, async (connection) => {
    const [row] = await selectRows<{ months: string }>(
      connection,
      'SELECT count(DISTINCT BillingPeriodStart) AS months FROM fct_chargeback',
    );
    return Number(row!.months);
  });
}

async function reading<Result>(
  path: string,
  work: (connection: Awaited<ReturnType<typeof openDatabase>>['connection']) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase();
  try {
    await database.connection.run(`ATTACH ${sqlText(path)} AS warehouse (READ_ONLY)`);
    await database.connection.run('USE warehouse');
    return await work(database.connection);
  } finally {
    database.close();
  }
}
