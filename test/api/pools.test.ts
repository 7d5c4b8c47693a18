import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toNanos } from '../properties/world.ts';
import { startTestApi, type TestApi } from './client.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const month = '2026-08';

describe('pools of a month', () => {
  it('says of each what went in, was passed on and stayed, most money first', async () => {
    const { pools, total } = await api.ask('pools', { month });

    expect(
      pools.map((pool) => [
        pool.x_PoolId,
        pool.taken.BilledCost,
        pool.passedOn.BilledCost,
        pool.kept.BilledCost,
        pool.x_TakerCount,
      ]),
    ).toEqual([
      ['logs', '10.000000000', '9.000000000', '1.000000000', 3],
      ['bus', '6.000000000', '6.000000000', '0.000000000', 3],
      ['support', '3.000000000', '1.500000000', '1.500000000', 2],
    ]);
    expect(total.taken).toEqual({
      ListCost: '38.000000000',
      ContractedCost: '19.000000000',
      BilledCost: '19.000000000',
      EffectiveCost: '19.000000000',
    });
    for (const { taken, passedOn, kept } of [total, ...pools]) {
      expect(toNanos(passedOn.ListCost) + toNanos(kept.ListCost)).toBe(toNanos(taken.ListCost));
    }
  });

  it('says how each is passed on, from when to when, and which fallback stood in', async () => {
    const { pools } = await api.ask('pools', { month });
    const [logs, bus, support] = pools;

    expect(logs).toMatchObject({
      x_PoolTitle: 'Log platform',
      terms: [
        { x_Method: 'driver', x_DriverName: 'log-bytes', x_Fallback: 'previous', ValidFrom: null, ValidTo: null },
      ],
      fallbacks: [
        {
          x_FallbackUsed: 'previous',
          x_DriverPeriodStart: '2026-07-01',
          ValidFrom: '2026-08-01',
          ValidTo: '2026-08-11',
        },
      ],
      x_IsUnnamedKept: true,
    });
    expect(bus?.terms).toMatchObject([{ x_DriverTitle: 'kafka-bytes', x_DriverPeriodUnit: 'month' }]);
    expect(bus).toMatchObject({ fallbacks: [], x_IsUnnamedKept: false });
    expect(support).toMatchObject({
      terms: [
        { x_Method: 'fixed', ValidFrom: null, ValidTo: '2026-08-16' },
        { x_Method: 'even', ValidFrom: '2026-08-16', ValidTo: null },
      ],
      fallbacks: [{ x_FallbackUsed: 'keep', x_DriverPeriodStart: null }],
      x_IsUnnamedKept: false,
    });
  });

  it('names who pays most, with shares of what was passed on', async () => {
    const { pools } = await api.ask('pools', { month });

    expect(pools[1]?.payers.map(({ SquadId, BilledCost }) => [SquadId, BilledCost])).toEqual([
      ['search', '4.000000000'],
      ['sales/ads', '1.500000000'],
      ['unallocated', '0.500000000'],
    ]);
    expect(pools[1]?.payers.map(({ share }) => share)).toEqual([4 / 6, 1.5 / 6, 0.5 / 6]);
  });

  it('keeps currencies apart, and lists a pool into which nothing fell', async () => {
    const { pools } = await api.ask('pools', { month, currency: 'EUR' });

    expect(pools.map((pool) => [pool.x_PoolId, pool.taken.BilledCost])).toEqual([
      ['logs', '1.000000000'],
      ['bus', '0.000000000'],
      ['support', '0.000000000'],
    ]);
  });

  it.each([['month=2026-13'], ['currency=usd'], ['cursor=x'], ['limit=5']])('refuses ?%s', async (query) => {
    expect((await api.get(`/api/v1/pools?${query}`)).status).toBe(400);
  });

  it.each([
    ['/api/v1/pools?month=2020-01'],
    ['/api/v1/pools?currency=SEK'],
    ['/api/v1/pools/none'],
    ['/api/v1/pools/none/weights'],
  ])('says that %s is not there', async (path) => {
    const response = await api.get(path);

    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Type')).toContain('application/problem+json');
  });
});

describe('one pool', () => {
  it('says whose cost it was and what of it stayed there', async () => {
    const { givers, pool } = await api.ask('pool', { month }, { PoolId: 'logs' });

    expect(pool.taken.BilledCost).toBe('10.000000000');
    expect(givers).toMatchObject([
      {
        SquadId: 'search',
        ComponentId: 'search-api',
        ComponentName: 'Search API',
        taken: { BilledCost: '10.000000000', ListCost: '20.000000000' },
        passedOn: { BilledCost: '9.000000000' },
        kept: { BilledCost: '1.000000000' },
      },
    ]);
  });

  it('lists who takes it, by squad or by component, and their shares sum to everything', async () => {
    const bySquad = await api.ask('pool', { month }, { PoolId: 'logs' });
    const byComponent = await api.ask('pool', { month, by: 'component' }, { PoolId: 'logs' });

    expect(bySquad.takers.map((row) => [row.SquadId, row.ComponentId, row.BilledCost])).toEqual([
      ['sales/ads', null, '6.000000001'],
      ['playback', null, '1.999999999'],
      ['search', null, '1.000000000'],
    ]);
    expect(byComponent.takers.map((row) => [row.ComponentId, row.ComponentName])).toEqual([
      ['sales/ads-server', 'Ads server'],
      ['player', 'Player'],
      [null, null],
    ]);
    expect(bySquad.takers.reduce((sum, { share }) => sum + share!, 0)).toBeCloseTo(1, 12);
    expect(bySquad.count).toBe(3);
  });

  it('pages through takers, and takes a cursor for no other list', async () => {
    const whole = await api.ask('pool', { month }, { PoolId: 'logs' });
    const first = await api.ask('pool', { month, limit: 2 }, { PoolId: 'logs' });
    const second = await api.ask('pool', { month, limit: 2, cursor: first.nextCursor! }, { PoolId: 'logs' });
    const foreign = await api.get(`/api/v1/pools/bus?month=${month}&limit=2&cursor=${first.nextCursor!}`);

    expect([...first.takers, ...second.takers]).toEqual(whole.takers);
    expect(second.nextCursor).toBeNull();
    expect(foreign.status).toBe(400);
  });

  it('lists the runs of days on which it was divided alike', async () => {
    const { runs } = await api.ask('pool', { month }, { PoolId: 'logs' });

    expect(runs).toEqual([
      {
        ValidFrom: '2026-08-01',
        ValidTo: '2026-08-11',
        x_DriverPeriodStart: '2026-07-01',
        x_FallbackUsed: 'previous',
        x_TargetCount: 2,
      },
      {
        ValidFrom: '2026-08-11',
        ValidTo: '2026-09-01',
        x_DriverPeriodStart: '2026-08-01',
        x_FallbackUsed: null,
        x_TargetCount: 2,
      },
    ]);
  });

  it('names the pools that it feeds and that feed it', async () => {
    const bus = await api.ask('pool', { month }, { PoolId: 'bus' });
    const logs = await api.ask('pool', { month }, { PoolId: 'logs' });

    expect([bus.feeds, bus.fedBy]).toEqual([[{ x_PoolId: 'logs', x_PoolTitle: 'Log platform', x_Ratio: 0.1 }], []]);
    expect([logs.feeds, logs.fedBy]).toEqual([[], [{ x_PoolId: 'bus', x_PoolTitle: 'Event bus', x_Ratio: 0.1 }]]);
  });

  it('shows its weights run by run with quantity and ratio, another pool as the next hop', async () => {
    const bus = await api.ask('poolWeights', { month }, { PoolId: 'bus' });
    const logs = await api.ask('poolWeights', { month }, { PoolId: 'logs' });
    const late = await api.ask('poolWeights', { month, day: '2026-08-11' }, { PoolId: 'logs' });

    expect(bus.weights.map((row) => [row.x_TargetKind, row.x_Target, row.x_TargetName, row.x_Weight])).toEqual([
      ['component', 'search-api', 'Search API', '40.000000000'],
      ['component', 'orphan', 'Orphan', '5.000000000'],
      ['pool', 'logs', 'Log platform', '5.000000000'],
    ]);
    expect(logs.weights.map((row) => [row.ValidFrom, row.x_TargetKind, row.x_Ratio, row.x_FallbackUsed])).toEqual([
      ['2026-08-01', 'component', 0.75, 'previous'],
      ['2026-08-01', 'component', 0.25, 'previous'],
      ['2026-08-11', 'component', 0.65, null],
      ['2026-08-11', 'squad', 0.25, null],
      ['2026-08-11', 'kept', 0.1, null],
    ]);
    expect(late.weights).toEqual(logs.weights.slice(2));
  });

  it('shows one that was not in force as it was configured, with nothing in it', async () => {
    const { pool, takers, givers } = await api.ask('pool', { month }, { PoolId: 'retired' });

    expect(pool).toMatchObject({ x_PoolTitle: 'Retired', terms: [{ ValidTo: '2026-07-01' }], x_TakerCount: 0 });
    expect([takers, givers]).toEqual([[], []]);
  });
});

describe('shared cost of one squad or component', () => {
  it('is told by pool, in both directions', async () => {
    const search = await api.ask('sharedCost', { month, squad: 'search' });

    expect(
      search.pools.map((line) => [line.x_PoolId, line.sharedIn.BilledCost, line.sharedOut.BilledCost, line.share]),
    ).toEqual([
      ['logs', '1.000000000', '-9.000000000', 1 / 9],
      ['bus', '4.000000000', '0.000000000', 4 / 6],
      ['support', '0.750000000', '0.000000000', 0.5],
    ]);
    expect(search.total).toMatchObject({
      sharedIn: { BilledCost: '5.750000000', ListCost: '11.500000000' },
      sharedOut: { BilledCost: '-9.000000000' },
      net: { BilledCost: '-3.250000000' },
    });
  });

  it('holds for a component, and sums to zero over the company', async () => {
    const player = await api.ask('sharedCost', { month, component: 'player' });
    const all = await api.ask('sharedCost', { month });

    expect(player.pools.map((line) => [line.x_PoolId, line.sharedIn.BilledCost, line.sharedOut.BilledCost])).toEqual([
      ['bus', '0.000000000', '-6.000000000'],
      ['logs', '1.999999999', '0.000000000'],
    ]);
    expect(toNanos(all.total.sharedIn.BilledCost) + toNanos(all.total.sharedOut.BilledCost)).toBe(0n);
  });

  it('is nothing for somebody who shares nothing', async () => {
    const { pools, total } = await api.ask('sharedCost', { month, squad: 'departed' });

    expect(pools).toEqual([]);
    expect(total.sharedIn.BilledCost).toBe('0.000000000');
  });
});
