import { describe, expect, test } from 'vitest';
import { asEngineers, judgeOf, materiality, verdictOn } from '../../web/needle.ts';
import { addDays, addMonths, daysIn, monthRange, naturalGranularity, rangeOf } from '../../web/periods.ts';

const extent = { firstDay: '2025-11-01', lastDay: '2026-11-18', lastFullMonth: '2026-10' };

describe('ranges', () => {
  test('are half-open and end after the newest day with data', () => {
    expect(rangeOf('this-month', extent)).toEqual({ from: '2026-11-01', to: '2026-11-19' });
    expect(rangeOf('30d', extent)).toEqual({ from: '2026-10-20', to: '2026-11-19' });
    expect(rangeOf('13m', extent)).toEqual({ from: '2025-11-01', to: '2026-11-19' });
    expect(rangeOf('last-month', extent)).toEqual({ from: '2026-10-01', to: '2026-11-01' });
    expect(rangeOf('all', extent)).toEqual({ from: '2025-11-01', to: '2026-11-19' });
  });

  test('a 30-day range has 30 days, also across a change of clocks', () => {
    expect(daysIn(rangeOf('30d', { ...extent, lastDay: '2026-11-05' })!)).toBe(30);
  });

  test('a custom range that ends before it begins becomes its first day', () => {
    expect(rangeOf('custom', extent, { from: '2026-05-05', to: '2026-05-01' })).toEqual({
      from: '2026-05-05',
      to: '2026-05-06',
    });
  });

  test('do not begin before there is data', () => {
    expect(rangeOf('13m', { ...extent, firstDay: '2026-09-14' })).toEqual({ from: '2026-09-14', to: '2026-11-19' });
  });

  test('there is none before the first charge', () => {
    expect(rangeOf('30d', { firstDay: null, lastDay: null, lastFullMonth: null })).toBeNull();
  });

  test('months and days step over ends of year and leap days', () => {
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(monthRange('2026-12')).toEqual({ from: '2026-12-01', to: '2027-01-01' });
  });

  test('choose a granularity that neither starves nor floods a chart', () => {
    expect(naturalGranularity({ from: '2026-10-01', to: '2026-11-01' })).toBe('day');
    expect(naturalGranularity({ from: '2026-06-01', to: '2026-11-01' })).toBe('week');
    expect(naturalGranularity({ from: '2025-11-01', to: '2026-11-19' })).toBe('month');
  });
});

describe('the needle', () => {
  const prices = {
    decisions: {
      BillingCurrency: 'USD',
      engineerYearlyCost: 200_000,
      horizonMonths: 12,
      discountRate: 0.1,
      materialityEngineers: 0.5,
    },
  };
  const october = { current: monthRange('2026-10'), previous: monthRange('2026-09') };

  test('half an engineer is 8,333 for any calendar month, be it long or short', () => {
    expect(materiality(prices, 'USD', monthRange('2026-02'))).toBeCloseTo(8333.33, 2);
    expect(materiality(prices, 'USD', monthRange('2026-10'))).toBeCloseTo(8333.33, 2);
  });

  test('other ranges are measured by their days', () => {
    expect(materiality(prices, 'USD', { from: '2025-11-01', to: '2026-11-01' })).toBeCloseTo(100_000, 6);
  });

  test('a fall moves it as much as a rise; below it is noise', () => {
    expect(verdictOn('-8333.34', 8333.33)).toBe('worth-a-look');
    expect(verdictOn('8333.00', 8333.33)).toBe('noise');
  });

  test('nothing to compare with is not worth a look', () => {
    expect(verdictOn(null, 0)).toBe('noise');
  });

  test('a longer month alone is not worth a look, and a rise that a shorter one hides is', () => {
    const february = { current: monthRange('2026-02'), previous: monthRange('2026-01') };
    expect(judgeOf(prices, 'USD', october)({ previous: '3000000', change: '100000' })).toBe('noise');
    expect(judgeOf(prices, 'USD', february)({ previous: '310000', change: '-10000' })).toBe('worth-a-look');
  });

  test('in a currency that an engineer has no price in there is no verdict', () => {
    expect(materiality(prices, 'JPY', monthRange('2026-10'))).toBeNull();
    expect(asEngineers('-25000', prices, 'JPY', monthRange('2026-10'))).toBeNull();
    expect(judgeOf(prices, 'JPY', october)({ previous: '0', change: '99999999' })).toBe('noise');
  });

  test('an amount reads as engineers', () => {
    expect(asEngineers('-25000', prices, 'USD', monthRange('2026-10'))).toBeCloseTo(1.5, 6);
  });
});
