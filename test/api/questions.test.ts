import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questions, type QuestionName } from '../../api/contract/index.ts';
import { newRun, writeRun } from '../../core/run-record.ts';
import { startTestApi, type TestApi } from './client.ts';
import { COSTS } from './warehouse.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('what is served', () => {
  it('says generation, currencies with the most used first, months and days', async () => {
    const meta = await api.ask('meta');

    expect(meta).toMatchObject({
      company: 'Sample',
      generation: 1,
      builtAt: '2026-09-21T06:00:00Z',
      defaultCurrency: 'USD',
      firstDay: '2026-07-01',
      lastDay: '2026-09-20',
      lastCompleteDay: '2026-09-18',
      lastFullMonth: '2026-08',
      decisions: { engineerYearlyCost: 200_000 },
    });
    expect(meta.currencies.map((row) => row.BillingCurrency)).toEqual(['USD', 'EUR']);
    expect(meta.billingPeriods).toEqual([
      { month: '2026-09', isOpen: true },
      { month: '2026-08', isOpen: false },
      { month: '2026-07', isOpen: false },
    ]);
  });

  it('says how new each source is', async () => {
    const { sources } = await api.ask('freshness');

    expect(sources).toEqual([
      {
        x_SourceName: 'gcp',
        x_SourceKind: 'gcp-billing-detailed',
        x_BatchCount: 3,
        x_RowCount: 123_456,
        x_ExportTimeMax: '2026-09-21T03:04:05Z',
        x_LastChargeDay: '2026-09-20',
        x_LastPulledAt: '2026-09-21T05:00:00Z',
        x_MissingPartitionCount: 0,
      },
    ]);
  });

  it('says which drivers and metrics there are, and what they lack: missing periods first', async () => {
    const { measures, gaps } = await api.ask('measures');

    expect(measures.map((row) => [row.x_MeasureKind, row.x_MeasureName, row.x_RowCount])).toEqual([
      ['driver', 'kafka-bytes', 40],
      ['metric', 'dau', 82],
    ]);
    expect(measures[0]).toMatchObject({
      x_PeriodUnit: 'month',
      x_FirstPeriod: '2026-07-01',
      x_LastPeriod: '2026-09-01',
      x_MissingPeriodCount: 1,
      x_UnknownConsumerCount: 1,
      x_PulledAt: '2026-09-21T05:00:00Z',
    });
    expect(gaps.map((gap) => [gap.x_GapKind, gap.x_GapStart, gap.x_GapEnd, gap.x_Consumer])).toEqual([
      ['missing-periods', '2026-08-01', '2026-09-01', null],
      ['unknown-consumer', '2026-07-01', '2026-10-01', 'ghost'],
    ]);
  });

  it('says how new the lists beside the charges are, and where list prices come from', async () => {
    const { snapshots, priceLists } = await api.ask('freshness');

    expect(snapshots).toEqual([
      {
        x_SourceName: 'prices',
        x_SourceKind: 'gcp-pricing',
        x_BatchCount: 2,
        x_RowCount: 40,
        x_SnapshotTime: '2026-09-20T07:00:00Z',
        x_LastPulledAt: '2026-09-21T05:00:00Z',
        x_MissingPartitionCount: 0,
      },
    ]);
    expect(priceLists).toEqual([
      { x_PriceSource: 'pricing-export', BillingCurrency: 'USD', x_SkuCount: 2, x_AsOf: '2026-09-20T07:00:00Z' },
    ]);
  });
});

describe('projects held against their billing account', () => {
  it('come with the accounts, the most pressing first and most money first, without those that are well', async () => {
    const answer = await api.ask('projects');

    expect(answer.accounts).toMatchObject([
      { BillingAccountId: '010101-F0FFF0-61C528', x_IsOpen: true, x_FetchedAt: '2026-09-21T05:00:00Z' },
      { BillingAccountId: '020202-F0FFF0-61C528', x_IsOpen: false, BillingCurrency: null, x_LastChargeDay: null },
    ]);
    expect(answer.statuses).toEqual([
      { x_ProjectStatus: 'missing', projects: 2 },
      { x_ProjectStatus: 'unlinked', projects: 2 },
      { x_ProjectStatus: 'new', projects: 1 },
      { x_ProjectStatus: 'covered', projects: 1 },
    ]);
    expect(answer.projects.map((row) => [row.SubAccountId, row.x_ProjectStatus, row.BilledCost])).toEqual([
      ['silent-1', 'missing', null],
      ['silent-2', 'missing', null],
      ['proj-z', 'unlinked', '30.000000000'],
      ['proj-b', 'unlinked', '2.000000000'],
      ['proj-c', 'new', '1.000000000'],
    ]);
    expect(answer.projects[3]).toMatchObject({
      SubAccountName: 'Project B',
      x_LinkedBillingAccountId: null,
      x_LastLinkedAt: '2026-09-21T05:00:00Z',
      x_LastBillingPeriod: '2026-09',
    });
  });

  it('are asked for by status and account, page by page', async () => {
    const covered = await api.ask('projects', { status: 'covered' });
    const first = await api.ask('projects', { limit: 3 });
    const second = await api.ask('projects', { limit: 3, cursor: first.nextCursor! });
    const none = await api.ask('projects', { account: '020202-F0FFF0-61C528' });

    expect(covered.projects.map((row) => row.SubAccountId)).toEqual(['proj-a']);
    expect([...first.projects, ...second.projects]).toHaveLength(5);
    expect([first.count, second.nextCursor]).toEqual([5, null]);
    expect([none.accounts.length, none.projects.length, none.statuses.length]).toEqual([1, 0, 0]);
  });
});

describe('the organisation', () => {
  it('has tribes, squads without a tribe and what no squad owns, which together are the total', async () => {
    const organisation = await api.ask('organisation');

    expect(organisation).toMatchObject({ currentMonth: '2026-08', previousMonth: '2026-07' });
    expect(organisation.tribes.map((tribe) => [tribe.TribeId, tribe.cost.current])).toEqual([
      ['discover', '364.270000031'],
      ['revenue', '124.000000000'],
    ]);
    expect(organisation.squadsWithoutTribe.map((squad) => [squad.SquadId, squad.cost.current])).toEqual([
      ['playback', '62.000000000'],
    ]);
    expect(organisation.unallocated).toMatchObject({ current: '97.650000000', change: '0.000000000', ratio: 0 });
    expect(organisation.total.current).toBe('647.920000031');
  });

  it('leaves out a squad that has left the catalog and costs nothing any more', async () => {
    const organisation = await api.ask('organisation');

    expect(organisation.tribes.flatMap((tribe) => tribe.squads).map((squad) => squad.SquadId)).not.toContain(
      'departed',
    );
  });

  it('lists squads page by page, each once, in the order of their ids', async () => {
    const first = await api.ask('squads', { limit: 3 });
    const second = await api.ask('squads', { limit: 3, cursor: first.nextCursor! });

    expect([...first.squads, ...second.squads].map((squad) => squad.SquadId)).toEqual([
      'departed',
      'playback',
      'sales/ads',
      'search',
    ]);
    expect([first.count, second.nextCursor]).toEqual([4, null]);
  });

  it('finds a squad whose id has a slash, with the components it owns or pays for', async () => {
    const answer = await api.ask('squad', { month: '2026-08' }, { SquadId: 'sales/ads' });

    expect(answer.components).toMatchObject([
      { ComponentId: 'sales/ads-server', current: '124.000000000', previous: '0.000000000', ratio: null },
    ]);
  });

  it('shows owned components that cost nothing, and charges without a component', async () => {
    const answer = await api.ask('squad', { month: '2026-08' }, { SquadId: 'search' });

    expect(answer.components.map((row) => [row.ComponentId, row.current])).toEqual([
      ['search-api', '341.000000031'],
      [null, '23.270000000'],
      ['idle-cache', '0.000000000'],
    ]);
    expect(answer.total?.current).toBe('364.270000031');
  });

  it('shows what no squad owns like a squad', async () => {
    const answer = await api.ask('squad', { month: '2026-08' }, { SquadId: 'unallocated' });

    expect(answer.squad.SquadName).toBe('Unallocated');
    expect(answer.components.map((row) => [row.ComponentId, row.current])).toEqual([
      [null, '89.900000000'],
      ['orphan', '7.750000000'],
    ]);
  });

  it('finds the components of every joint owner and of a system', async () => {
    const byOwner = await api.ask('components', { squad: 'playback' });
    const bySystem = await api.ask('components', { system: 'search-core' });

    expect(byOwner.components.map((row) => row.ComponentId)).toEqual(['player', 'search-api']);
    expect(bySystem.components.map((row) => row.ComponentId)).toEqual(['idle-cache', 'search-api']);
  });

  it('shows a component with owners, SKUs, payers and contradicting labels', async () => {
    const answer = await api.ask('component', { month: '2026-08' }, { ComponentId: 'search-api' });

    expect(answer.owners.map(({ SquadId, share }) => [SquadId, share])).toEqual([
      ['search', 0.6],
      ['playback', 0.4],
    ]);
    expect(answer.skus.map((sku) => [sku.SkuId, sku.current, sku.PricingQuantity])).toEqual([
      ['SKU-Compute', '310.000000000', '930.000000000'],
      ['SKU-Storage', '31.000000031', '93.000000093'],
    ]);
    expect(answer.services.map((row) => row.current)).toEqual(['310.000000000', '31.000000031']);
    expect(answer.conflicts).toMatchObject([{ x_LabelledSquadId: 'playback', BilledCost: '12.500000000' }]);
  });

  it('finds by part of an id or name, whole words before parts', async () => {
    const { results } = await api.ask('search', { q: 'SEARCH' });
    const projects = await api.ask('search', { q: 'project a' });

    expect(results.map((row) => `${row.type} ${row.id}`)).toEqual(['squad search', 'component search-api']);
    expect(projects.results).toMatchObject([{ type: 'project', id: 'proj-a', name: 'Project A' }]);
  });
});

describe('trust', () => {
  it('splits a month into steps and reasons whose shares are of absolute money', async () => {
    const coverage = await api.ask('coverage', { month: '2026-08' });

    expect(coverage.allocated.BilledCost).toBe('550.270000031');
    expect(coverage.unallocated).toMatchObject({ BilledCost: '97.650000000', x_AbsoluteBilledCost: '103.850000000' });
    expect(coverage.allocated.shareOfMoney! + coverage.unallocated.shareOfMoney!).toBeCloseTo(1, 12);
    expect(coverage.steps.map((row) => row.x_AttributionStep)).toEqual(['label', 'project']);
    expect(coverage.reasons.map((row) => row.x_UnallocatedReason)).toEqual(['no-labels', 'no-project']);
    expect(coverage.trend.map((row) => row.month)).toEqual(['2026-07', '2026-08', '2026-09']);
    expect(coverage.conflicts).toHaveLength(1);
  });

  it('calls the share of a side without charges 0 where there is money, and unknown where there is none', async () => {
    const unmapped = await startTestApi({ costs: COSTS.filter((cost) => cost.squad === 'unallocated') });
    const free = await startTestApi({ costs: [{ ...COSTS[5]!, perDay: '0' }] });
    const [nobodys, nothing] = await Promise.all(
      [unmapped, free].map((one) => one.ask('coverage', { month: '2026-08' })),
    );
    await Promise.all([unmapped.close(), free.close()]);

    expect(nobodys).toMatchObject({
      allocated: { shareOfMoney: 0, shareOfCharges: 0 },
      unallocated: { shareOfMoney: 1, shareOfCharges: 1 },
    });
    expect(nothing).toMatchObject({
      allocated: { shareOfMoney: null, shareOfCharges: 0 },
      unallocated: { shareOfMoney: null, shareOfCharges: 1 },
    });
  });

  it('ranks what is unallocated by money, cumulating to everything', async () => {
    const answer = await api.ask('unallocated', { month: '2026-08' });

    expect(answer.rows.map((row) => [row.ServiceName, row.x_AbsoluteBilledCost, row.x_SuggestedComponentId])).toEqual([
      ['Cloud SQL', '93.000000000', null],
      ['Cloud SQL', '7.750000000', 'search-api'],
      ['Support', '3.100000000', null],
    ]);
    expect(answer.rows.at(-1)?.cumulativeShare).toBe(1);
    expect(answer.total.BilledCost).toBe('97.650000000');
    expect(answer.reasons.map((row) => row.BilledCost)).toEqual(['100.750000000', '-3.100000000']);
  });

  it('pages through what is unallocated with running shares', async () => {
    const whole = await api.ask('unallocated', { month: '2026-08' });
    const first = await api.ask('unallocated', { month: '2026-08', limit: 2 });
    const second = await api.ask('unallocated', { month: '2026-08', limit: 2, cursor: first.nextCursor! });

    expect([...first.rows, ...second.rows]).toEqual(whole.rows);
  });

  it('says whether every sum ties', async () => {
    const { holds, rows } = await api.ask('reconciliation');

    expect(holds).toBe(true);
    expect(rows).toHaveLength(4);
  });
});

describe('before there are any charges', () => {
  it('answers every question, with nothing instead of made-up zeros', async () => {
    const empty = await startTestApi({ costs: [] });
    const ran = newRun('run', 'command line', new Date('2026-09-21T06:00:00Z'));
    writeRun(empty.workspace, ran);
    const range = { from: '2026-08-01', to: '2026-09-01' };
    const queries: Partial<Record<QuestionName, object>> = {
      spend: range,
      changes: { by: 'squad' },
      search: { q: 'x' },
    };
    const params: Partial<Record<QuestionName, object>> = {
      squad: { SquadId: 'search' },
      component: { ComponentId: 'player' },
      pool: { PoolId: 'logs' },
      poolWeights: { PoolId: 'logs' },
      run: { RunId: ran.id },
    };

    for (const name of Object.keys(questions) as QuestionName[]) {
      await empty.ask(name, (queries[name] ?? {}) as never, (params[name] ?? {}) as never);
    }
    const spend = await empty.ask('spend', range);
    await empty.close();

    expect(spend).toMatchObject({ BillingCurrency: null, series: [], totals: [] });
  });
});
