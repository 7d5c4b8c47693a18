import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIMENSIONS, type QueryOf } from '../../api/contract/index.ts';
import { startTestApi, type TestApi } from './client.ts';
import { COSTS } from './warehouse.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const nanos = (value: string | null): bigint => BigInt((value ?? '0').replace('.', ''));
const sum = (values: (string | null)[]): bigint => values.reduce((total, value) => total + nanos(value), 0n);
const august = { from: '2026-08-01', to: '2026-09-01' };

describe('spend', () => {
  it.each(DIMENSIONS)('by %s ties to its total exactly, period by period', async (by) => {
    const spend = await api.ask('spend', { from: '2026-07-10', to: '2026-09-21', granularity: 'week', by, top: 1 });

    expect(sum(spend.series.map((series) => series.total))).toBe(nanos(spend.total));
    spend.totals.forEach((point, index) => {
      expect(sum(spend.series.map((series) => series.points[index]!.value))).toBe(nanos(point.value));
    });
  });

  it('puts what is below the top together, and keeps what no squad owns apart', async () => {
    const spend = await api.ask('spend', { ...august, granularity: 'month', by: 'squad', top: 1 });

    expect(spend.series.map((series) => [series.key, series.kind, series.total])).toEqual([
      ['search', 'value', '364.270000031'],
      ['unallocated', 'unallocated', '97.650000000'],
      ['~other', 'other', '186.000000000'],
    ]);
    expect(spend.otherCount).toBe(2);
  });

  it('keeps a component whose owner is unknown visible as that component', async () => {
    const spend = await api.ask('spend', { ...august, granularity: 'month', by: 'component', squad: 'unallocated' });

    expect(spend.series.map((series) => [series.key, series.total])).toEqual([
      ['orphan', '7.750000000'],
      ['unallocated', '89.900000000'],
    ]);
  });

  it('has a zero for a day without a charge and null for a day without data', async () => {
    const spend = await api.ask('spend', { from: '2026-08-30', to: '2026-09-03', squad: 'playback', by: 'squad' });
    const early = await api.ask('spend', { from: '2026-06-29', to: '2026-07-02', by: 'none' });

    expect(spend.series[0]?.points.map((point) => point.value)).toEqual([
      '2.000000000',
      '2.000000000',
      '0.000000000',
      '0.000000000',
    ]);
    expect(early.totals.map((point) => point.value)).toEqual([null, null, '16.650000001']);
  });

  it('says which periods are cut and from which day on the numbers may still grow', async () => {
    const spend = await api.ask('spend', { from: '2026-09-07', to: '2026-09-28', granularity: 'week' });

    expect(spend.provisionalFrom).toBe('2026-09-19');
    expect(spend.periods).toEqual([
      { period: '2026-09-07', from: '2026-09-07', to: '2026-09-14', isPartial: false, isProvisional: false },
      { period: '2026-09-14', from: '2026-09-14', to: '2026-09-21', isPartial: false, isProvisional: true },
      { period: '2026-09-21', from: '2026-09-21', to: '2026-09-28', isPartial: true, isProvisional: true },
    ]);
    expect(spend.totals[2]?.value).toBeNull();
  });

  it('compares a running month up to its last complete day with the same days of the month before', async () => {
    const { comparison } = await api.ask('spend', { from: '2026-09-01', to: '2026-10-01', squad: 'playback' });

    expect(comparison?.ranges).toEqual({
      current: { from: '2026-09-01', to: '2026-09-19' },
      previous: { from: '2026-08-01', to: '2026-08-19' },
      isPartial: true,
      isPreviousComplete: true,
    });
    expect(comparison).toMatchObject({ current: '0.000000000', previous: '36.000000000', ratio: -1 });
  });

  it('has no previous sum where there was no data to compare with', async () => {
    const { comparison } = await api.ask('spend', { from: '2026-07-01', to: '2026-08-01' });

    expect(comparison).toMatchObject({ previous: null, change: null, ratio: null });
    expect(comparison?.ranges.isPreviousComplete).toBe(false);
  });

  it('answers in one currency: the default, or the one asked for', async () => {
    const usd = await api.ask('spend', { ...august });
    const eur = await api.ask('spend', { ...august, currency: 'EUR' });

    expect([usd.BillingCurrency, usd.total]).toEqual(['USD', '647.920000031']);
    expect([eur.BillingCurrency, eur.total]).toEqual(['EUR', '50.000000000']);
  });

  it('answers in the cost column asked for', async () => {
    const list = await api.ask('spend', { ...august, metric: 'ListCost' });

    expect(list.total).toBe('1295.840000062');
  });

  it('combines filters', async () => {
    const spend = await api.ask('spend', {
      ...august,
      tribe: 'discover',
      service: 'Compute Engine',
      category: 'Usage',
      project: 'proj-a',
    });

    expect(spend.total).toBe('310.000000000');
  });

  it('refuses a range that would be thousands of periods', async () => {
    const response = await api.get('/api/v1/spend?from=1950-01-01&to=2090-01-01');

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'urn:worthwhile:problem:range-too-long' });
  });
});

describe('changes', () => {
  it('ranks by absolute change, says what is new and gone, and ties to the total', async () => {
    const changes = await api.ask('changes', { month: '2026-08', by: 'squad' });

    expect(changes.rows.map((row) => [row.key, row.change, row.isNew, row.isGone])).toEqual([
      ['sales/ads', '124.000000000', true, false],
      ['search', '7.770000000', false, false],
      ['unallocated', '0.000000000', false, false],
      ['playback', '0.000000000', false, false],
    ]);
    expect(sum(changes.rows.map((row) => row.change))).toBe(nanos(changes.total!.change));
  });

  it('puts what is below the limit together', async () => {
    const all = await api.ask('changes', { month: '2026-09', by: 'service' });
    const short = await api.ask('changes', { month: '2026-09', by: 'service', limit: 1 });

    expect(short.rows).toEqual(all.rows.slice(0, 1));
    expect(short.rest?.count).toBe(all.rows.length - 1);
    expect(nanos(short.rows[0]!.current) + nanos(short.rest!.current)).toBe(nanos(short.total!.current));
  });

  it('says gone for what stopped', async () => {
    const changes = await api.ask('changes', { month: '2026-09', by: 'squad', limit: 1 });

    expect(changes.rows).toMatchObject([{ key: 'playback', isGone: true, isNew: false, ratio: -1 }]);
  });

  it('compares any range with as many days before it', async () => {
    const changes = await api.ask('changes', { from: '2026-08-03', to: '2026-08-05', by: 'squad', squad: 'sales/ads' });

    expect(changes.ranges?.previous).toEqual({ from: '2026-08-01', to: '2026-08-03' });
    expect(changes.total).toMatchObject({ current: '8.000000000', previous: '8.000000000' });
  });
});

describe('sums prepared in the background', () => {
  it('give the same answers as the marts', async () => {
    const costs = COSTS.flatMap((cost) =>
      Array.from({ length: 8 }, (_, index) => ({ ...cost, project: `proj-${index}` })),
    );
    const [plain, prepared] = await Promise.all([startTestApi({ costs }), startTestApi({ costs, rollups: true })]);
    const columns = ['ChargeCategory', 'SquadId', 'ServiceName', 'x_SkuGroup', 'SubAccountId', 'ComponentId'] as const;
    const relations = await prepared.warehouse.read(async (reader) =>
      columns.map((column) => reader.dailyCosts([column])),
    );

    for (const by of DIMENSIONS) {
      for (const scope of [{}, { tribe: 'discover', metric: 'ListCost' as const }]) {
        const week: QueryOf<'spend'> = {
          from: '2026-07-10',
          to: '2026-09-21',
          granularity: 'week',
          by,
          top: 2,
          ...scope,
        };
        expect(await prepared.ask('spend', week)).toEqual(await plain.ask('spend', week));
        expect(await prepared.ask('changes', { by, ...scope })).toEqual(await plain.ask('changes', { by, ...scope }));
      }
    }
    expect(await prepared.ask('organisation')).toEqual(await plain.ask('organisation'));
    await Promise.all([plain.close(), prepared.close()]);

    expect(relations.map((name) => name.replace('"g1r".daily_by_', ''))).toEqual([
      'category',
      'squad',
      'service',
      'sku_group',
      'project',
      'component',
    ]);
  });

  it('are left out without harm where they cannot be made', async () => {
    const broken = await startTestApi({
      rollups: true,
      after: ['alter table fct_cost_daily rename x_SkuGroup to renamed'],
    });
    const spend = await broken.ask('spend', { ...august, by: 'service' });
    await broken.close();

    expect(spend.total).toBe('647.920000031');
    expect(broken.warnings.join()).toContain('stay slower');
  });
});
