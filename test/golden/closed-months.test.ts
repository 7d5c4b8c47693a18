import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportChargeback } from '../../api/export/chargeback.ts';
import { openWarehouse } from '../../api/warehouse/hub.ts';
import { loadConfig } from '../../core/config/load.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { silentEffects } from '../../core/effects.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';
import { closeMonth } from '../../model/close/close.ts';
import { verify } from '../../model/close/verify.ts';
import { writeWorld, type WorldRow } from '../properties/world.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worthwhile-closed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const effects = { ...silentEffects, now: () => new Date('2026-09-20T08:00:00Z') };
const NANOS = 1_000_000_000n;
const row = (month: '202606' | '202607', amount: bigint, more: Partial<WorldRow> = {}): WorldRow => ({
  nanos: amount * NANOS + 1n,
  listNanos: null,
  creditNanos: [-NANOS / 2n],
  month,
  day: month === '202606' ? '2026-06-15' : '2026-07-01',
  hour: 12,
  project: 'shop',
  labels: { component: 'mover' },
  costType: 'regular',
  currency: 'USD',
  exportDay: '2026-07-02',
  ...more,
});

const FIRST = [
  row('202606', 100n),
  row('202606', 30n, { labels: { component: 'shared' } }),
  row('202606', 7n, { labels: {}, project: 'none' }),
  row('202607', 50n),
  row('202607', 9n, { currency: 'SEK', labels: { squad: 'red' } }),
];
const LATE = [
  row('202606', 11n, { exportDay: '2026-07-05' }),
  row('202606', -4n, { labels: { component: 'shared' }, costType: 'adjustment', exportDay: '2026-07-05' }),
  row('202606', 5n, { currency: 'SEK', labels: { squad: 'blue' }, exportDay: '2026-07-05' }),
];
/** Who pays for June changes altogether: another owner, other shares, another rule, a pool. */
const CHANGED = { share: 10, moves: true };
const CHANGED_CONFIG = `pools:
  - { name: jointly, of: { component: shared }, method: even, include: [blue] }
`;

interface Company {
  rows: WorldRow[];
  share: number;
  moves: boolean;
}

/** Each batch of rows in a file of its own, so that a late one lands as a partition of its own. */
async function publish(company: Company, more = ''): Promise<string> {
  const path = writeWorld(folder, company, company.rows.length, more);
  if (company.moves) rewrite(path, (text) => text.replace('squadLabels: [squad]', 'squadLabels: [team]'));
  const config = loadConfig(path);
  await ingest(config, {}, effects);
  return (await build(config, {}, effects)).path;
}

const rewrite = (path: string, change: (text: string) => string): void =>
  writeFileSync(path, change(readFileSync(path, 'utf8')));

const config = () => loadConfig(join(folder, 'worthwhile.yaml'));

async function close(month: string): Promise<void> {
  const request = { month, by: 'Jo', reason: 'booked', accept: true, check: false };
  await closeMonth(config(), request, effects);
  await build(config(), {}, effects);
}

async function exported(month: string, format: 'csv' | 'json' | 'parquet'): Promise<Buffer> {
  const warehouse = await openWarehouse({ workspace: workspaceAt(config().workspace), pollMs: 0 }, effects);
  try {
    const file = await warehouse.read((reader) => exportChargeback(reader, { month, format }));
    return readFileSync(file.path);
  } finally {
    await warehouse.close();
  }
}

async function published(path: string, sql: string): Promise<Record<string, string>[]> {
  const database = await openDatabase();
  try {
    await database.connection.run(`ATTACH ${sqlText(path)} AS warehouse (READ_ONLY)`);
    await database.connection.run('USE warehouse');
    return await selectRows(database.connection, sql);
  } finally {
    database.close();
  }
}

const TOTALS = `SELECT BillingCurrency, sum(ListCost) AS list, sum(ContractedCost) AS contracted, sum(BilledCost) AS billed,
  sum(EffectiveCost) AS effective FROM fct_chargeback GROUP BY 1 ORDER BY 1`;
/** What a month's bill comes to: what is charged in it, less the true-ups of others in it and with its own wherever they are. */
const BY_INVOICE_MONTH = `SELECT month, BillingCurrency, sum(BilledCost) AS billed FROM (
    SELECT BillingPeriodStart AS month, BillingCurrency, BilledCost FROM fct_chargeback
    UNION ALL SELECT BillingPeriodStart, BillingCurrency, -BilledCost FROM fct_true_ups
    UNION ALL SELECT x_TrueUpOf, BillingCurrency, BilledCost FROM fct_true_ups)
  GROUP BY ALL HAVING sum(BilledCost) <> 0 ORDER BY ALL`;

describe('a closed month', () => {
  test('is exported byte for byte as before when late rows, owners, rules and pools change; the difference is charged once, later', async () => {
    const before = { share: 60, moves: false };
    await publish({ rows: FIRST, ...before });
    await close('2026-06');
    const asClosed = await Promise.all((['csv', 'json', 'parquet'] as const).map((format) => exported('2026-06', format)));

    const path = await publish({ rows: [...FIRST, ...LATE], ...CHANGED }, CHANGED_CONFIG);

    const now = await Promise.all((['csv', 'json', 'parquet'] as const).map((format) => exported('2026-06', format)));
    expect(now.map((bytes) => bytes.toString('hex'))).toEqual(asClosed.map((bytes) => bytes.toString('hex')));
    expect(
      await published(
        path,
        `SELECT BillingCurrency, sum(BilledCost) AS billed, any_value(x_Cause) AS cause, any_value(x_Changed) AS changed
         FROM fct_true_ups WHERE BillingPeriodStart = DATE '2026-07-01' AND x_TrueUpOf = DATE '2026-06-01' GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      // 5 less 0.5; 11 - 4 less twice 0.5; each row a nano-unit more
      { BillingCurrency: 'SEK', billed: '4.500000001', cause: 'late rows and restated', changed: 'catalog, attribution, pools' },
      { BillingCurrency: 'USD', billed: '6.000000002', cause: 'late rows and restated', changed: 'catalog, attribution, pools' },
    ]);
    expect((await verify(config())).filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  test('gives the same totals, and the same by invoice month, whether late rows came before or after it was closed', async () => {
    const company = { rows: [...FIRST, ...LATE], ...CHANGED };
    await publish({ rows: FIRST, share: 60, moves: false });
    await close('2026-06');
    const after = await publish(company, CHANGED_CONFIG);
    const replayedAfter = [await published(after, TOTALS), await published(after, BY_INVOICE_MONTH)];
    await close('2026-07');
    const later = await publish({ ...company, rows: [...company.rows, row('202606', 2n)] }, CHANGED_CONFIG);
    const again = await published(later, BY_INVOICE_MONTH);
    const trueUps = await published(
      later,
      `SELECT CAST(BillingPeriodStart AS VARCHAR) AS month, BillingCurrency, sum(BilledCost) AS billed, any_value(x_Cause) AS cause
       FROM fct_true_ups WHERE x_TrueUpOf = DATE '2026-06-01' GROUP BY ALL ORDER BY ALL`,
    );
    for (const name of ['data', 'export']) rmSync(join(folder, name), { recursive: true });

    const never = await publish(company, CHANGED_CONFIG);

    expect(replayedAfter).toEqual([await published(never, TOTALS), await published(never, BY_INVOICE_MONTH)]);
    expect(again.map(({ billed }) => billed)).toEqual(['4.500000001', '143.000000006', '8.500000001', '49.500000001']);
    expect(trueUps).toEqual([
      { month: '2026-07-01', BillingCurrency: 'SEK', billed: '4.500000001', cause: 'late rows and restated' },
      { month: '2026-07-01', BillingCurrency: 'USD', billed: '6.000000002', cause: 'late rows and restated' },
      { month: '2026-08-01', BillingCurrency: 'USD', billed: '1.500000001', cause: 'late rows' },
    ]);
  });

  test('that was closed after the late rows came has no true-ups', async () => {
    await publish({ rows: [...FIRST, ...LATE], ...CHANGED }, CHANGED_CONFIG);
    await close('2026-06');

    const path = await publish({ rows: [...FIRST, ...LATE], ...CHANGED }, CHANGED_CONFIG);

    expect(await published(path, 'SELECT * FROM fct_true_ups')).toEqual([]);
    expect(await published(path, "SELECT * FROM fct_chargeback WHERE ChargeKind = 'TrueUp'")).toEqual([]);
  });
});
