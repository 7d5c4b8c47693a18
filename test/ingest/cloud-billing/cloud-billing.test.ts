import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloudBillingFacts, type CloudBillingFacts } from '../../../core/cloud-billing.ts';
import { parseConfig } from '../../../core/config/load.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { describeCloudBilling } from '../../../ingest/cloud-billing/describe.ts';
import { loadCloudBilling } from '../../../ingest/cloud-billing/load-cloud-billing.ts';
import type { CloudBillingOutcome } from '../../../ingest/cloud-billing/outcome.ts';
import { decimalOfMoney } from '../../../ingest/cloud-billing/sku-prices.ts';
import { detailedRows, failureOf, workbench, type Workbench } from '../workbench.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

const MAIN = '010101-F0FFF0-61C528';
const OTHER = '020202-F0FFF0-61C528';
const COMPUTE = '6F81-5844-456A';
const PATIENCE = { delaysMs: [1, 1], timeoutMs: 2_000 };

const n1Core = {
  skuId: '2E27-4F75-95CD',
  description: 'N1 Predefined Instance Core running in Americas',
  category: { resourceFamily: 'Compute', resourceGroup: 'N1Standard', usageType: 'OnDemand' },
  serviceRegions: ['us-central1', 'us-east1'],
  geoTaxonomy: { type: 'MULTI_REGIONAL', regions: ['us-central1'] },
  pricingInfo: [
    { pricingExpression: { usageUnit: 'h', tieredRates: [{ unitPrice: { currencyCode: 'USD', nanos: 9 } }] } },
    {
      effectiveTime: '2026-09-01T07:00:00Z',
      pricingExpression: {
        usageUnit: 'h',
        usageUnitDescription: 'hour',
        tieredRates: [
          { startUsageAmount: 0, unitPrice: { currencyCode: 'USD', units: '2', nanos: 933908000 } },
          { startUsageAmount: 1024.5, unitPrice: { currencyCode: 'USD', units: '9007199254740993', nanos: 1 } },
        ],
      },
    },
  ],
};

/** A bench with Cloud Billing configured at a stand-in that knows one open account with three projects. */
async function asked(
  config: { accounts?: string[]; more?: string; kind?: 'gcp-billing-detailed' | 'gcp-pricing' } = {},
) {
  const standIn = await startStandIn();
  standIn.accounts[MAIN] = {
    displayName: 'Main',
    open: true,
    currencyCode: 'EUR',
    projects: { shop: true, idle: false, lake: true },
  };
  standIn.services = { [COMPUTE]: 'Compute Engine', 'AAAA-BBBB-CCCC': 'Not used', 'DDDD-EEEE-FFFF': 'Neither' };
  standIn.skus[COMPUTE] = [n1Core, { ...n1Core, skuId: 'B' }, { ...n1Core, skuId: 'C', pricingInfo: [] }];
  const { accounts = [MAIN], more = '', kind } = config;
  const bench = workbench(
    kind,
    `cloudBilling: { accounts: [${accounts.join(', ')}], apiEndpoint: '${standIn.url}'${more} }`,
  );
  const warnings: string[] = [];
  const load = (now = '2026-10-05T09:00:00.000Z', full = false): Promise<CloudBillingOutcome | null> =>
    loadCloudBilling(
      { config: bench.config, workspace: workspaceAt(bench.config.workspace), full },
      { now: () => new Date(now), progress: () => {}, warn: (message) => warnings.push(message) },
      PATIENCE,
    );
  return { bench, standIn, load, warnings, stored: () => storedIn(bench) };
}

function storedIn(bench: Workbench): CloudBillingFacts {
  return cloudBillingFacts(bench.config, workspaceAt(bench.config.workspace));
}

const count = ({ requests }: StandIn, part: string): number => requests.filter((line) => line.includes(part)).length;

describe('a billing account', () => {
  it('is read with all pages of its projects, and kept dated', async () => {
    const { load, stored, standIn } = await asked();

    expect(await load()).toMatchObject({
      accounts: [{ accountId: MAIN, status: 'read', open: true, projects: 3 }],
      skipped: [],
    });
    const at = '2026-10-05T09:00:00.000Z';
    expect(stored().accounts).toEqual([
      {
        version: 1,
        accountId: MAIN,
        fetchedAt: at,
        displayName: 'Main',
        open: true,
        currency: 'EUR',
        projects: [
          { projectId: 'idle', billingEnabled: false, firstLinkedAt: at, lastLinkedAt: at },
          { projectId: 'lake', billingEnabled: true, firstLinkedAt: at, lastLinkedAt: at },
          { projectId: 'shop', billingEnabled: true, firstLinkedAt: at, lastLinkedAt: at },
        ],
        formerProjects: [],
      },
    ]);
    expect(standIn.requests.slice(0, 3)).toEqual([
      `GET /v1/billingAccounts/${MAIN}`,
      `GET /v1/billingAccounts/${MAIN}/projects`,
      `GET /v1/billingAccounts/${MAIN}/projects page 2`,
    ]);
  });

  it('remembers since when a project is linked, and until when it was', async () => {
    const { load, stored, standIn } = await asked();
    await load('2026-10-01T09:00:00.000Z');
    standIn.accounts[MAIN]!.projects = { shop: true, fresh: true };
    await load('2026-10-02T09:00:00.000Z');
    standIn.accounts[MAIN]!.projects = { shop: true, fresh: true, lake: true };
    await load('2026-10-03T09:00:00.000Z');

    const [account] = stored().accounts;
    const days = (projects: { projectId: string; firstLinkedAt: string; lastLinkedAt: string }[]): string[] =>
      projects.map((p) => `${p.projectId} ${p.firstLinkedAt.slice(0, 10)} ${p.lastLinkedAt.slice(0, 10)}`);
    expect(days(account!.projects)).toEqual([
      'fresh 2026-10-02 2026-10-03',
      'lake 2026-10-01 2026-10-03',
      'shop 2026-10-01 2026-10-03',
    ]);
    expect(days(account!.formerProjects)).toEqual(['idle 2026-10-01 2026-10-01']);
  });

  it('is told closed', async () => {
    const { load, stored, standIn } = await asked();
    Object.assign(standIn.accounts[MAIN]!, { open: false, currencyCode: '' });

    expect((await load())!.accounts).toMatchObject([{ status: 'read', open: false }]);
    expect(stored().accounts).toMatchObject([{ open: false, currency: null }]);
  });

  it('that may not be read stays as it was last known, in plain words that name the role', async () => {
    const { load, stored, standIn, warnings } = await asked({ accounts: [MAIN, OTHER] });
    standIn.accounts[OTHER] = { displayName: 'Other', open: true, currencyCode: 'USD', projects: { other: true } };
    await load('2026-10-01T09:00:00.000Z');
    standIn.faults.push({ path: `${MAIN}/projects`, status: 403, times: 99 });
    standIn.accounts[MAIN]!.open = false;
    standIn.accounts[OTHER].open = false;

    const outcome = await load('2026-10-02T09:00:00.000Z');

    expect(outcome).toMatchObject({
      accounts: [
        { accountId: MAIN, status: 'kept', open: true, projects: 3 },
        { accountId: OTHER, status: 'read', open: false, projects: 1 },
      ],
      skipped: [{ what: `billing account ${MAIN}` }],
    });
    expect(outcome!.skipped[0]!.why).toContain('what was known on 2026-10-01 stays in use');
    expect(outcome!.skipped[0]!.why).toContain('Billing Account Viewer (roles/billing.viewer)');
    expect(warnings).toHaveLength(1);
    expect(stored().accounts.map(({ open, fetchedAt }) => [open, fetchedAt.slice(0, 10)])).toEqual([
      [true, '2026-10-01'],
      [false, '2026-10-02'],
    ]);
    expect(count(standIn, `${MAIN}/projects`)).toBe(2 + 1); // a refusal is not asked again
  });

  it('is kept whole when a later page fails, and read when the failure passes', async () => {
    const { load, stored, standIn } = await asked();
    standIn.faults.push({ path: 'projects 2', status: 503, times: 99 });
    expect(await load()).toMatchObject({ accounts: [{ status: 'unknown', open: null, projects: 0 }] });
    expect(stored().accounts).toEqual([]);

    standIn.faults = [
      { path: MAIN, status: 503, times: 1 },
      { path: MAIN, status: 429, times: 1 },
      { path: 'projects', status: 502, times: 1, body: '<html>bad gateway</html>' },
    ];
    expect(await load()).toMatchObject({ accounts: [{ status: 'read', projects: 3 }], skipped: [] });
  });

  it.each([
    [401, /expired/],
    [404, /cloudBilling\.accounts/],
  ])('says what mends a %i', async (status, fix) => {
    const { load, standIn } = await asked();
    standIn.faults.push({ path: MAIN, status, times: 99 });

    expect((await load())!.skipped[0]!.why).toMatch(fix);
  });

  it('is not asked for again in a run once nothing answers', async () => {
    const { load, standIn } = await asked({ accounts: [MAIN, OTHER] });
    await standIn.stop();
    const outcome = await load();

    expect(outcome!.accounts.map(({ status }) => status)).toEqual(['unknown', 'unknown']);
    expect(outcome!.skipped.map(({ what }) => what)).toEqual([`billing account ${MAIN}`, `billing account ${OTHER}`]);
    expect(outcome!.skipped[0]!.why).toContain('cannot be reached');
  });

  it('whose stored answer is damaged stops the run, naming the file', async () => {
    const { bench, load } = await asked();
    await load();
    const path = join(bench.folder, 'data', 'cloud-billing', 'accounts', `${MAIN}.json`);
    writeFileSync(path, '{');

    expect(await failureOf(load())).toMatchObject({ code: 'LAKE_CORRUPT', on: path });
  });
});

describe('list prices', () => {
  it('are read exactly, of the services that charges name, in the currency of the account', async () => {
    const { bench, load, stored, standIn } = await asked();
    await bench.writeParquet('export/a.parquet', detailedRows());
    await bench.ingest();
    standIn.requests.length = 0;

    expect(await load()).toMatchObject({ skus: { status: 'unchanged', services: 1, skus: 3 } });
    expect(stored().skus).toMatchObject([{ serviceId: COMPUTE, serviceName: 'Compute Engine', currency: 'EUR' }]);
    expect(stored().skus[0]!.skus[0]).toEqual({
      skuId: '2E27-4F75-95CD',
      description: 'N1 Predefined Instance Core running in Americas',
      resourceFamily: 'Compute',
      resourceGroup: 'N1Standard',
      usageType: 'OnDemand',
      geoType: 'MULTI_REGIONAL',
      regions: ['us-central1', 'us-east1'],
      usageUnit: 'h',
      usageUnitDescription: 'hour',
      effectiveAt: '2026-09-01T07:00:00.000Z',
      tiers: [
        { startUsageAmount: '0', unitPrice: '2.933908000' },
        { startUsageAmount: '1024.500000000', unitPrice: '9007199254740993.000000001' },
      ],
    });
    expect(stored().skus[0]!.skus[2]).toMatchObject({ skuId: 'C', tiers: [], effectiveAt: null });
    expect(count(standIn, 'services')).toBe(0);
  });

  it('are asked for once a day, or with --full, and only of services that charges name', async () => {
    const { bench, load, standIn } = await asked();
    await bench.writeParquet('export/a.parquet', detailedRows());
    await bench.ingest({ now: '2026-10-05T09:00:00Z' });
    const reads = (): number => count(standIn, '/skus');
    expect([reads(), count(standIn, 'Not used')]).toEqual([2, 0]);

    await load('2026-10-06T08:59:00Z');
    expect(reads()).toBe(2);
    await load('2026-10-06T09:00:00Z');
    expect(reads()).toBe(4);
    await load('2026-10-06T09:01:00Z', true);
    expect(reads()).toBe(6);
  });

  it('stay as they are when the API is down, which the run says', async () => {
    const { bench, load, standIn, stored } = await asked();
    await bench.writeParquet('export/a.parquet', detailedRows());
    await bench.ingest();
    standIn.faults.push({ path: 'skus', status: 503, times: 99 });

    expect(await load('2026-10-09T09:00:00Z')).toMatchObject({
      accounts: [{ status: 'read' }],
      skus: { status: 'kept', services: 1, skus: 3 },
      skipped: [{ what: 'public price list' }],
    });
    expect(stored().skus).toMatchObject([{ fetchedAt: '2026-10-05T09:00:00.000Z' }]);
  });

  it.each([
    ['a pricing export is configured', { kind: 'gcp-pricing' as const }],
    ['skuCatalog is off', { more: ', skuCatalog: false' }],
  ])('are not asked for where %s', async (_, config) => {
    const { load, standIn } = await asked(config);

    expect(await load()).toMatchObject({ skus: null });
    expect(count(standIn, 'services')).toBe(0);
  });

  it.each([
    [{ units: '2', nanos: 933_908_000 }, '2.933908000'],
    [{ nanos: 1 }, '0.000000001'],
    [{ units: '-1', nanos: -750_000_000 }, '-1.750000000'],
    [{ units: { toString: (): string => '9007199254740993' } }, '9007199254740993.000000000'],
    [null, '0.000000000'],
  ])('of %j are the decimal %s', (money, decimal) => {
    expect(decimalOfMoney(money)).toBe(decimal);
  });
});

describe('a run', () => {
  it('asks for nothing but what it reads, and leaves no half-written file', async () => {
    const { bench, standIn } = await asked();
    await bench.writeParquet('export/a.parquet', detailedRows());
    const report = await bench.ingest();

    expect(report.cloudBilling).toMatchObject({ accounts: [{ status: 'read' }], skus: { status: 'read', skus: 3 } });
    expect(standIn.requests.every((line) => line.startsWith('GET '))).toBe(true);
    const files = readdirSync(join(bench.folder, 'data', 'cloud-billing'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.includes('.')).sort()).toEqual([
      `accounts/${MAIN}.json`,
      `skus/EUR/${COMPUTE}.json`,
    ]);
  });

  it('says of an account that it never reached that nothing is known, not that it has no projects', () => {
    const unknown = { accountId: MAIN, status: 'unknown' as const, open: null, projects: 0 };
    const skus = { status: 'kept' as const, services: 0, skus: 0 };
    expect(describeCloudBilling({ accounts: [unknown], skus })).toBe(
      `cloud billing: ${MAIN} could not be asked, and nothing is known of it yet`,
    );
    const kept = { ...unknown, status: 'kept' as const, open: false, projects: 2 };
    expect(describeCloudBilling({ accounts: [kept], skus: { ...skus, services: 1, skus: 1200 } })).toBe(
      `cloud billing: ${MAIN} (closed) has 2 linked projects (as known before: it could not be asked); list prices of 1,200 SKUs of 1 services (kept)`,
    );
  });

  it('without `cloudBilling` asks nobody', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', detailedRows());

    expect((await bench.ingest()).cloudBilling).toBeUndefined();
    const config = parseConfig('sources: [{ name: a, kind: focus, files: [x] }]', bench.path('other.yaml'));
    expect(cloudBillingFacts(config, workspaceAt(config.workspace))).toEqual({ accounts: [], skus: [] });
  });
});
