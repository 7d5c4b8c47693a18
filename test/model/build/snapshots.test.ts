import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFileAtomic } from '../../../core/atomic-file.ts';
import {
  accountFile,
  skusFile,
  type BillingAccountSnapshot,
  type CatalogSku,
  type ServiceSkus,
} from '../../../core/cloud-billing.ts';
import { parseConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';
import { openDatabase, selectRows, sqlText } from '../../../core/duckdb.ts';
import { workspaceAt, type Workspace } from '../../../core/workspace.ts';
import { build } from '../../../model/build.ts';
import { currentGeneration } from '../../../model/generation.ts';
import { land } from '../lake.ts';

const ACCOUNT = '010101-F0FFF0-61C528';

let folder: string;
let workspace: Workspace;
let config: Config;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worthwhile-snapshots-'));
  config = configured();
  workspace = workspaceAt(config.workspace);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function configured(withPrices = true): Config {
  const prices = withPrices ? '  - { name: prices, kind: gcp-pricing, files: [x] }\n' : '';
  return parseConfig(
    `sources:\n  - { name: gcp, kind: gcp-billing-detailed, files: [x] }\n${prices}` +
      `  - { name: tips, kind: gcp-recommendations, files: [x] }\ncloudBilling: { accounts: [${ACCOUNT}] }\n`,
    join(folder, 'worthwhile.yaml'),
  );
}

const charge = {
  billing_account_id: ACCOUNT,
  service: { id: '6F81-5844-456A', description: 'Compute Engine' },
  sku: { id: 'K', description: 'N1 Core' },
  project: { id: 'shop' },
  usage_start_time: '2026-09-20T12:00:00Z',
  export_time: '2026-09-20T20:00:00Z',
  cost: '1.25',
  currency: 'USD',
  invoice: { month: '202609' },
  cost_type: 'regular',
};

const price = (day: string, amount: string): Record<string, unknown> => ({
  pricing_as_of_time: `${day}T07:00:00Z`,
  billing_account_id: ACCOUNT,
  sku: { id: 'K' },
  account_currency_code: 'USD',
  list_price: {
    tiered_rates: [{ pricing_unit_quantity: '1', start_usage_amount: '0', account_currency_amount: amount }],
  },
});

async function published(sql: string): Promise<unknown[]> {
  const database = await openDatabase({ threads: 1 });
  try {
    await database.connection.run(`ATTACH ${sqlText(currentGeneration(workspace)!.path)} AS warehouse (READ_ONLY)`);
    await database.connection.run('USE warehouse');
    return await selectRows(database.connection, sql);
  } finally {
    database.close();
  }
}

const landed = (prices: Record<string, string>): Promise<void> =>
  land(workspace, {
    'day=2026-09-20': { rows: [charge] },
    ...Object.fromEntries(
      Object.entries(prices).map(([day, amount]) => [
        `price-day=${day}`,
        { source: 'prices', kind: 'gcp-pricing' as const, rows: [price(day, amount)] },
      ]),
    ),
    'tips/day=2026-10-01': { source: 'tips', kind: 'gcp-recommendations', rows: [{ name: 'stop it' }] },
    'tips/day=2026-10-02': { source: 'tips', kind: 'gcp-recommendations', rows: [{ name: 'stop it' }, { name: 'b' }] },
  });

const snapshot = (more: Partial<BillingAccountSnapshot> = {}): BillingAccountSnapshot => ({
  version: 1,
  accountId: ACCOUNT,
  fetchedAt: '2026-10-05T09:00:00.000Z',
  displayName: 'Main',
  open: true,
  currency: 'USD',
  projects: ['shop', 'idle'].map((projectId) => ({
    projectId,
    billingEnabled: true,
    firstLinkedAt: '2026-10-01T09:00:00.000Z',
    lastLinkedAt: '2026-10-05T09:00:00.000Z',
  })),
  formerProjects: [],
  ...more,
});

const store = (account: BillingAccountSnapshot): void =>
  writeFileAtomic(accountFile(workspace, ACCOUNT), JSON.stringify(account));

describe('lists beside the charges', () => {
  test('are no charges: sums, freshness and the last complete day are of the bills alone', async () => {
    await landed({ '2026-12-01': '2' });
    await build(config);

    expect(await published('SELECT sum(BilledCost) AS cost, count(*) AS charges FROM fct_chargeback')).toEqual([
      { cost: '1.250000000', charges: '1' },
    ]);
    expect(await published('SELECT x_SourceName FROM fct_freshness')).toEqual([{ x_SourceName: 'gcp' }]);
    expect(await published('SELECT bool_and(x_Holds) AS holds FROM fct_reconciliation')).toEqual([{ holds: true }]);
    expect(
      await published('SELECT x_SourceName, x_SnapshotTime::DATE AS day, x_RowCount FROM fct_snapshots ORDER BY 1'),
    ).toEqual([
      { x_SourceName: 'prices', day: null, x_RowCount: '1' },
      { x_SourceName: 'tips', day: '2026-10-02', x_RowCount: '2' },
    ]);
  });

  test('give the prices of the newest list, and a newer list another generation', async () => {
    await landed({ '2026-10-01': '2', '2026-10-02': '3' });
    const prices = 'SELECT ListUnitPrice, x_PriceSource, x_AsOf::DATE AS day FROM dim_sku';
    await build(config);
    expect(await published(prices)).toEqual([
      { ListUnitPrice: '3.000000000', x_PriceSource: 'pricing-export', day: '2026-10-02' },
    ]);
    expect((await build(config)).published).toBe(false);

    await landed({ '2026-10-01': '2', '2026-10-02': '3', '2026-10-03': '4' });
    expect((await build(config)).published).toBe(true);
    expect(await published(prices)).toMatchObject([{ ListUnitPrice: '4.000000000' }]);
  });
});

describe('what Cloud Billing says', () => {
  test('shows which projects send no charges, and a change of it makes another generation', async () => {
    await landed({});
    store(snapshot());
    await build(config);
    const coverage = 'SELECT SubAccountId, x_ProjectStatus FROM fct_project_coverage ORDER BY 1';
    expect(await published(coverage)).toEqual([
      { SubAccountId: 'idle', x_ProjectStatus: 'missing' },
      { SubAccountId: 'shop', x_ProjectStatus: 'covered' },
    ]);
    const built = await build(config);
    expect(built.published).toBe(false);

    store(snapshot({ fetchedAt: '2026-10-05T19:00:00.000Z' }));
    expect((await build(config)).published).toBe(false);

    store(snapshot({ projects: [], open: false }));
    expect(await build(config)).toMatchObject({ published: true, monthsMade: [] });
    expect(await published(coverage)).toEqual([{ SubAccountId: 'shop', x_ProjectStatus: 'unlinked' }]);
    expect(await published('SELECT x_IsOpen FROM dim_billing_accounts')).toEqual([{ x_IsOpen: false }]);
  });

  test('gives list prices where no pricing export is configured, and none where one is', async () => {
    await landed({});
    store(snapshot());
    const sku: CatalogSku = {
      skuId: 'K',
      description: 'N1 Core',
      resourceFamily: 'Compute',
      resourceGroup: 'N1Standard',
      usageType: 'OnDemand',
      geoType: 'MULTI_REGIONAL',
      regions: ['us-central1', 'us-east1'],
      usageUnit: 'h',
      usageUnitDescription: 'hour',
      effectiveAt: null,
      tiers: [
        { startUsageAmount: '0', unitPrice: '0.000000000' },
        { startUsageAmount: '1024.5', unitPrice: '9007199254740993.000000001' },
      ],
    };
    const skus: ServiceSkus = {
      version: 1,
      serviceId: 'S',
      serviceName: 'Compute Engine',
      currency: 'USD',
      skus: [sku],
      fetchedAt: '2026-10-05T09:00:00.000Z',
    };
    writeFileAtomic(skusFile(workspace, skus), JSON.stringify(skus));
    const prices = 'SELECT ListUnitPrice, x_TierStart, x_GeoType, x_Regions, x_Taxonomy, x_PriceSource FROM dim_sku';

    await build(config);
    expect(await published(prices)).toEqual([]);
    await build(configured(false));
    expect(await published(prices)).toEqual([
      {
        ListUnitPrice: '9007199254740993.000000001',
        x_TierStart: '1024.500000000',
        x_GeoType: 'MULTI_REGION',
        x_Regions: 'us-central1,us-east1',
        x_Taxonomy: 'Compute > N1Standard > OnDemand',
        x_PriceSource: 'sku-catalog',
      },
    ]);
  });
});
