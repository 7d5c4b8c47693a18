import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './client.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const seal = 'ab12'.repeat(16);

describe('a closed month', () => {
  it('is told from an open one, with when, by whom and under which seal', async () => {
    const { months } = await api.ask('chargebackMonths');

    expect(
      months
        .filter(({ BillingCurrency }) => BillingCurrency === 'USD')
        .map(({ month, x_IsClosed, closedAt, closedBy, seal }) => [month, x_IsClosed, closedAt, closedBy, seal]),
    ).toEqual([
      ['2026-09', false, null, null, null],
      ['2026-08', false, null, null, null],
      ['2026-07', true, '2026-08-09T07:00:00Z', 'Jo', seal],
    ]);
    expect(await api.ask('chargeback', { month: '2026-07' })).toMatchObject({
      x_IsClosed: true,
      closedAt: '2026-08-09T07:00:00Z',
      closedBy: 'Jo',
      seal,
      trueUps: [],
    });
    expect(await api.ask('chargeback', { month: '2026-08' })).toMatchObject({ x_IsClosed: false, seal: null });
  });

  it('has its true-ups in the month they are charged in, by cause, in the scope that is asked for', async () => {
    const trueUps = async (more: object) =>
      (await api.ask('chargeback', { month: '2026-08', ...more })).trueUps.map(
        ({ month, cause, changed, BilledCost }) => [month, cause, changed, BilledCost],
      );

    expect(await trueUps({})).toEqual([
      ['2026-07', 'late rows', null, '5.000000001'],
      ['2026-06', 'restated', 'catalog, pools', '-2.000000000'],
    ]);
    expect(await trueUps({ squad: 'search', kind: 'TrueUp' })).toEqual([['2026-07', 'late rows', null, '5.000000000']]);
    expect(await trueUps({ kind: 'Direct' })).toEqual([]);
    expect(await trueUps({ currency: 'EUR' })).toEqual([]);
  });
});
