import { describe, expect, test } from 'vitest';
import { changesAnswer, spendAnswer, type ChangesAnswer, type SpendAnswer } from '../../api/contract/index.ts';
import { breakdown, chartData, linesToReach, longestOf, moneyAxis, shareOf } from '../../web/series.ts';

const ranges = {
  current: { from: '2026-10-01', to: '2026-11-01' },
  previous: { from: '2026-09-01', to: '2026-10-01' },
  isPartial: false,
  isPreviousComplete: true,
};

function spend(values: Record<string, (string | null)[]>): SpendAnswer {
  const kinds: Record<string, string> = { '~other': 'other', '~none': 'none', unallocated: 'unallocated' };
  const periods = ['2026-09-28', '2026-10-05'];
  return spendAnswer.parse({
    BillingCurrency: 'USD',
    metric: 'EffectiveCost',
    from: '2026-09-30',
    to: '2026-10-12',
    periods: [
      { period: periods[0], from: '2026-09-30', to: '2026-10-05', isPartial: true, isProvisional: false },
      { period: periods[1], from: '2026-10-05', to: '2026-10-12', isPartial: false, isProvisional: true },
    ],
    series: Object.entries(values).map(([key, points]) => ({
      key,
      name: key,
      kind: kinds[key] ?? 'value',
      total: '1',
      points: points.map((value, index) => ({ period: periods[index], value })),
    })),
    otherCount: 7,
    total: '1',
    totals: periods.map((period, index) => ({ period, value: Object.values(values)[0]?.[index] ?? null })),
    comparison: null,
    provisionalFrom: '2026-10-09',
  });
}

function changes(rows: { key: string; current: string; change: string | null }[]): ChangesAnswer {
  return changesAnswer.parse({
    BillingCurrency: 'USD',
    metric: 'EffectiveCost',
    by: 'service',
    ranges,
    total: { current: '30', previous: '20', change: '10', ratio: 0.5 },
    rows: rows.map((row) => ({
      ...row,
      name: row.key,
      previous: null,
      ratio: null,
      kind: 'value',
      isNew: false,
      isGone: false,
    })),
    rest: null,
  });
}

describe('chart data', () => {
  test('keeps the exact text beside the number that is drawn', () => {
    const data = chartData(spend({ BigQuery: ['0.100000001', '90071992547409931.5'] }));
    expect(data.rows[0]?.values).toEqual([0.100000001]);
    expect(data.rows[1]?.exact).toEqual(['90071992547409931.5']);
  });

  test('a period without data is a gap, not zero', () => {
    const data = chartData(spend({ BigQuery: [null, '1'] }));
    expect(data.rows[0]?.values).toEqual([null]);
    expect(data.missing).toBe(1);
  });

  test('gives named values the palette in order, and each nameless kind its own colour', () => {
    const { series } = chartData(
      spend({ a: ['3', '1'], unallocated: ['2', '1'], b: ['1', '1'], '~other': ['1', '1'] }),
    );
    expect(series.map((one) => one.color)).toEqual([
      'var(--series-1)',
      'var(--series-unallocated)',
      'var(--series-2)',
      'var(--series-other)',
    ]);
    expect(series.at(-1)?.name).toBe('7 others');
  });

  test('says where credits pull below zero', () => {
    expect(chartData(spend({ a: ['3', '1'], credit: ['-0.5', '0'] })).hasNegatives).toBe(true);
    expect(chartData(spend({ a: ['3', '-0.000'] })).hasNegatives).toBe(false);
  });

  test('marks what is cut and what may still grow', () => {
    const [cut, growing] = chartData(spend({ a: ['1', '1'] })).rows;
    expect(cut).toMatchObject({ title: 'Sep 30 – Oct 4, 2026', note: 'only 5 days of the week', isPartial: true });
    expect(growing).toMatchObject({
      title: 'Oct 5 – Oct 11, 2026',
      note: 'may still grow',
      isProvisional: true,
      isPartial: false,
    });
  });
});

describe('the money axis', () => {
  const none = new Set<string>();

  test('steps in round numbers from zero over the highest stack', () => {
    const data = chartData(spend({ a: ['70000', '1'], b: ['8000', '1'] }));
    expect(moneyAxis(data, none)).toEqual({ domain: [0, 80_000], ticks: [0, 20_000, 40_000, 60_000, 80_000] });
  });

  test('goes no further below zero than the credits do', () => {
    const { domain, ticks } = moneyAxis(chartData(spend({ a: ['500', '1'], credit: ['-3', '0'] })), none);
    expect(domain).toEqual([-3, 600]);
    expect(ticks[0]).toBe(0);
  });

  test('fits what is shown, and survives that nothing is', () => {
    const data = chartData(spend({ a: ['70000', '1'], b: ['80', '1'] }));
    expect(moneyAxis(data, new Set(['a'])).domain).toEqual([0, 80]);
    expect(moneyAxis(data, new Set(['a', 'b'])).ticks).toEqual([0]);
  });
});

describe('breakdown', () => {
  test('ranks by cost and colours what the chart draws', () => {
    const rows = breakdown(
      changes([
        { key: 'small', current: '9.5', change: '5' },
        { key: 'large', current: '20', change: '1' },
      ]),
      spend({ large: ['1', '1'] }),
      false,
    );
    expect(rows.map((row) => [row.key, row.color])).toEqual([
      ['large', 'var(--series-1)'],
      ['small', null],
    ]);
  });

  test('adds what is large but unchanged only where both are of the same range', () => {
    const drawn = spend({ steady: ['1', '1'], '~other': ['1', '1'] });
    expect(breakdown(changes([]), drawn, true).map((row) => row.key)).toEqual(['steady']);
    expect(breakdown(changes([]), drawn, false)).toEqual([]);
  });

  test('a share of nothing is not known', () => {
    expect(shareOf('5', '0')).toBeNull();
    expect(shareOf('5', null)).toBeNull();
    expect(shareOf('5', '20')).toBe(0.25);
  });
});

test('counts how many lines are worth doing', () => {
  expect(linesToReach([0.5, 0.79, 0.81, 1], 0.8)).toBe(3);
  expect(linesToReach([0.5, null], 0.8)).toBeNull();
});

test('bars are as long as their part of the costs, and none are drawn where credits outweigh them', () => {
  expect(longestOf(['30', '-4', '12'])).toBe(30);
  expect(longestOf(['30', '-40'])).toBe(0);
  expect(longestOf([])).toBe(0);
});
