import { describe, expect, it } from 'vitest';
import { checkCloudBilling } from '../../cli/doctor/cloud-billing.ts';
import type { Finding } from '../../cli/doctor/finding.ts';
import { checkPublished } from '../../cli/doctor/published.ts';
import { silentEffects } from '../../core/effects.ts';
import { build } from '../../model/build.ts';
import { startStandIn } from '../ingest/cloud-billing/stand-in.ts';
import { detailedRows, workbench } from '../ingest/workbench.ts';

const MAIN = '010101-F0FFF0-61C528';
const OTHER = '020202-F0FFF0-61C528';

async function company(accounts = [MAIN]) {
  const standIn = await startStandIn();
  standIn.accounts[MAIN] = { displayName: 'Main', open: true, currencyCode: 'USD', projects: { playlists: true } };
  const bench = workbench(
    'gcp-billing-detailed',
    `cloudBilling: { accounts: [${accounts.join(', ')}], apiEndpoint: '${standIn.url}', skuCatalog: false }`,
  );
  await bench.writeParquet('export/a.parquet', detailedRows());
  const published = async (now = '2026-10-06T09:00:00Z'): Promise<Finding[]> => {
    await bench.ingest();
    await build(bench.config);
    const findings = await checkPublished(bench.config, { ...silentEffects, now: () => new Date(now) });
    return findings.filter(({ what }) => /projects|state of/.test(what));
  };
  return { bench, standIn, published };
}

describe('the doctor on billing accounts', () => {
  it('says that an account may be read, first that it has not been, then what it had', async () => {
    const { bench } = await company();
    const what = `billing account ${MAIN}`;

    expect(await checkCloudBilling(bench.config)).toMatchObject([{ what, status: 'warning' }]);
    await bench.ingest();
    expect(await checkCloudBilling(bench.config)).toEqual([
      { what, status: 'ok', detail: 'may be read; 1 linked projects on 2026-10-05' },
    ]);
  });

  it('names the role where an account may be read and its projects may not', async () => {
    const { bench, standIn } = await company();
    standIn.faults.push({ path: `${MAIN}/projects`, status: 403, times: 1 });

    expect(await checkCloudBilling(bench.config)).toMatchObject([
      { status: 'failed', fix: expect.stringContaining('roles/billing.viewer') },
    ]);
  });

  it('has nothing to say where `cloudBilling` is not configured', async () => {
    const bench = workbench();
    await bench.writeParquet('export/a.parquet', detailedRows());
    await bench.ingest();
    await build(bench.config);

    expect(await checkCloudBilling(bench.config)).toEqual([]);
    const findings = await checkPublished(bench.config, silentEffects);
    expect(findings.filter(({ what }) => /billing|projects/.test(what))).toEqual([]);
  });

  it('is content with an open account whose projects are all charged', async () => {
    const { published } = await company();

    expect(await published()).toEqual([
      { what: 'state of Main', status: 'ok', detail: 'open, USD, as of 2026-10-05' },
      { what: 'covered projects', status: 'ok', detail: '1 linked and charged' },
    ]);
  });

  it('warns of a closed account, of another currency, and of one without charges', async () => {
    const { published, standIn } = await company([MAIN, OTHER]);
    standIn.accounts[OTHER] = { displayName: '', open: true, currencyCode: 'SEK', projects: {} };
    standIn.accounts[MAIN]!.currencyCode = 'EUR';

    expect(await published()).toMatchObject([
      { what: 'state of Main', status: 'warning', detail: 'bills in EUR, its newest month has USD, as of 2026-10-05' },
      { what: `state of ${OTHER}`, status: 'warning', detail: expect.stringContaining('no charge of it has arrived') },
      { what: 'covered projects' },
    ]);
    standIn.accounts[MAIN]!.open = false;
    expect((await published())[0]).toMatchObject({ status: 'warning', detail: 'closed, as of 2026-10-05' });
  });

  it('lists projects without charges and those that are no longer linked, by name', async () => {
    const { published, standIn } = await company();
    standIn.accounts[MAIN]!.projects = Object.fromEntries('abcdefg'.split('').map((id) => [id, id !== 'g']));

    expect(await published()).toMatchObject([
      { what: 'state of Main' },
      {
        what: 'missing projects',
        status: 'warning',
        detail: '6 linked with billing on, and not one charge has arrived: a, b, c, d, e and 1 more',
      },
      { what: 'unlinked projects', status: 'warning', detail: expect.stringMatching(/^1 charged.*: playlists$/) },
      { what: 'disabled projects', status: 'warning', detail: '1 linked with billing off: g' },
      { what: 'covered projects', detail: '0 linked and charged' },
    ]);
  });

  it('warns of what was known long ago', async () => {
    const { published } = await company();

    expect((await published('2026-10-09T09:00:00Z'))[0]).toMatchObject({ what: 'state of Main', status: 'warning' });
  });

  it('tells how new prices and recommendations are', async () => {
    const bench = workbench('gcp-recommendations');
    bench.write(
      'export/day=2026-10-04/a.ndjson',
      JSON.stringify({
        name: 'stop',
        recommender: 'r',
        state: 'ACTIVE',
        last_refresh_time: '2026-10-03T06:00:00Z',
        primary_impact: { category: 'COST' },
      }),
    );
    await bench.ingest();
    await build(bench.config);
    const lists = async (now: string): Promise<Finding[]> =>
      (await checkPublished(bench.config, { ...silentEffects, now: () => new Date(now) })).filter(({ what }) =>
        what.startsWith('freshness'),
      );

    expect(await lists('2026-10-06T09:00:00Z')).toEqual([
      { what: 'freshness of bill', status: 'ok', detail: 'recommendations of 2026-10-04, 1 rows' },
    ]);
    expect(await lists('2026-10-08T09:00:00Z')).toMatchObject([{ status: 'warning' }]);
  });
});
