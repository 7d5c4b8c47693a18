import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../core/config/schema.ts';
import { loadConfig } from '../../core/config/load.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { silentEffects } from '../../core/effects.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';
import { writeWorld, type World, type WorldRow } from './world.ts';

/**
 * The mistakes that naive billing pipelines make, each put into the model on purpose. Those that lose or invent money are
 * stopped by the build's own checks before anything is published; the one that moves money between days is told by the days.
 */
const model = resolve(import.meta.dirname, '../../model');
const STAGING = 'staging/stg_gcp_billing__charges.duckdb.sql';

const plain: WorldRow = {
  nanos: 100_000_003n,
  listNanos: null,
  creditNanos: [],
  month: '202606',
  day: '2026-06-15',
  hour: 12,
  project: 'shop',
  labels: { component: 'mover' },
  costType: 'regular',
  currency: 'USD',
  exportDay: '2026-06-17',
};
/** A credit, a charge without a project, two equal charges, an amount that floats cannot add up, and an evening in the Pacific. */
const company: World = {
  rows: [
    { ...plain, creditNanos: [-40_000_001n] },
    { ...plain, project: 'none', nanos: 7_000_000_000n },
    { ...plain, nanos: 2_000_000_000n, labels: { squad: 'red' } },
    { ...plain, nanos: 2_000_000_000n, labels: { squad: 'red' } },
    { ...plain, nanos: 90_000_000_000_000_000_001n / 1_000n, labels: { component: 'shared' } },
    { ...plain, nanos: 3n, labels: { component: 'shared' } },
    { ...plain, nanos: 5_000_000_000n, day: '2026-07-01', hour: 3 },
  ],
  share: 60,
  moves: false,
};

interface Mistake {
  name: string;
  from: string | RegExp;
  to: string;
}
const MISTAKES: Mistake[] = [
  {
    name: 'costs summed as floats',
    from: 'sum(cost) AS contracted_cost',
    to: 'sum(cost::DOUBLE)::DECIMAL(38, 9) AS contracted_cost',
  },
  {
    name: 'equal rows taken for one',
    from: 'FROM raw_gcp_billing\n',
    to: 'FROM (SELECT * EXCLUDE (x_FileRow), min(x_FileRow) AS x_FileRow FROM raw_gcp_billing GROUP BY ALL)\n',
  },
  {
    name: 'an inner join on credits',
    from: 'FROM raw_gcp_billing\n',
    to: 'FROM raw_gcp_billing, unnest(credits) AS joined_credit\n',
  },
  {
    name: 'an inner join on the project',
    from: 'FROM raw_gcp_billing\n',
    to: "FROM raw_gcp_billing JOIN (SELECT 'shop-prod' AS known) ON known = project.id\n",
  },
  {
    name: 'credits forgotten',
    from: 'coalesce(sum(credit_amount), 0) AS credit_amount',
    to: '0::DECIMAL(38, 9) AS credit_amount',
  },
];

const scratch = mkdtempSync(join(tmpdir(), 'worthwhile-mistakes-'));
let config: Config;
beforeAll(async () => {
  config = loadConfig(writeWorld(scratch, company, 1));
  await ingest(config, {}, silentEffects);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('a model with a mistake in it', () => {
  test('the model as it is publishes, so that what follows is the mistake alone', async () => {
    const built = await build(config, {}, silentEffects);

    expect(built.published).toBe(true);
    expect(await dailyTotals(built.path)).toMatchObject({ '2026-06-30': '5.000000000' });
  });

  test.each(MISTAKES)('$name: the build refuses to publish', async (mistake) => {
    const modelFolder = modelWith(mistake);

    await expect(build(config, { modelFolder }, silentEffects)).rejects.toMatchObject({ code: 'CHECK_FAILED' });
  });

  test('a UTC day for a Pacific one: the usage of an evening stands on the wrong day, and in the wrong month', async () => {
    const modelFolder = modelWith({
      name: 'utc',
      from: 'billing_day(usage_start_time)',
      to: "(usage_start_time AT TIME ZONE 'UTC')::DATE",
    });

    const built = await build(config, { modelFolder }, silentEffects);

    expect(await dailyTotals(built.path)).not.toHaveProperty('2026-06-30');
  });
});

/** A copy of the model's SQL with one text in staging replaced; fails where the text is no longer there. */
function modelWith({ name, from, to }: Mistake): string {
  const folder = join(scratch, name.replaceAll(' ', '-'));
  for (const layer of ['staging', 'intermediate', 'marts', 'checks']) {
    cpSync(join(model, layer), join(folder, layer), { recursive: true });
  }
  const path = join(folder, STAGING);
  const sql = readFileSync(path, 'utf8');
  const changed = sql.replace(from, () => to);
  if (changed === sql) throw new Error(`${STAGING} no longer says ${String(from)}`);
  writeFileSync(path, changed);
  return folder;
}

async function dailyTotals(path: string): Promise<Record<string, string>> {
  const database = await openDatabase();
  await database.connection.run(`ATTACH ${sqlText(path)} AS warehouse (READ_ONLY)`);
  const rows = await selectRows<{ day: string; BilledCost: string }>(
    database.connection,
    `SELECT ChargePeriodStart AS "day", sum(BilledCost) AS "BilledCost" FROM warehouse.fct_cost_daily GROUP BY ALL`,
  );
  database.close();
  return Object.fromEntries(rows.map((row) => [row.day, row.BilledCost]));
}
