import { describe, expect, it } from 'vitest';
import { comparedRanges, lastFullMonth, periodCount, periodsOf } from '../../api/queries/calendar.ts';

const coverage = { firstDay: '2025-01-01', lastDay: '2026-03-30', lastCompleteDay: '2026-03-28' };

describe('compared ranges', () => {
  it.each([
    {
      what: 'a month',
      asked: '2026-02-01/2026-03-01',
      current: '2026-02-01/2026-03-01',
      previous: '2026-01-01/2026-02-01',
    },
    {
      what: 'a quarter',
      asked: '2025-10-01/2026-01-01',
      current: '2025-10-01/2026-01-01',
      previous: '2025-07-01/2025-10-01',
    },
    {
      what: 'a running month',
      asked: '2026-03-01/2026-04-01',
      current: '2026-03-01/2026-03-29',
      previous: '2026-02-01/2026-03-01',
    },
    {
      what: 'a year that still runs',
      asked: '2026-01-01/2027-01-01',
      current: '2026-01-01/2026-03-29',
      previous: '2025-01-01/2025-03-29',
    },
    {
      what: 'any days',
      asked: '2026-01-10/2026-01-20',
      current: '2026-01-10/2026-01-20',
      previous: '2025-12-31/2026-01-10',
    },
    {
      what: 'the first days of a month',
      asked: '2026-02-01/2026-02-11',
      current: '2026-02-01/2026-02-11',
      previous: '2026-01-01/2026-01-11',
    },
    {
      what: 'a short month against a long one',
      asked: '2026-03-01/2026-03-02',
      current: '2026-03-01/2026-03-02',
      previous: '2026-02-01/2026-02-02',
    },
  ])('of $what', ({ asked, current, previous }) => {
    const [from, to] = asked.split('/') as [string, string];
    const ranges = comparedRanges({ from, to }, coverage);

    expect(`${ranges.current.from}/${ranges.current.to}`).toBe(current);
    expect(`${ranges.previous.from}/${ranges.previous.to}`).toBe(previous);
  });

  it('never runs over the end of a shorter month before', () => {
    const ranges = comparedRanges(
      { from: '2026-03-01', to: '2026-04-01' },
      { ...coverage, lastDay: '2026-04-02', lastCompleteDay: '2026-03-30' },
    );

    expect(ranges.previous).toEqual({ from: '2026-02-01', to: '2026-03-01' });
  });

  it('counts days that may still grow where a range has no others', () => {
    const ranges = comparedRanges({ from: '2026-03-29', to: '2026-04-10' }, coverage);

    expect(ranges.current).toEqual({ from: '2026-03-29', to: '2026-03-31' });
  });
});

describe('periods', () => {
  it('cover the range without gap or overlap, and are as many as counted', () => {
    for (const granularity of ['day', 'week', 'month'] as const) {
      const range = { from: '2025-12-30', to: '2026-03-02' };
      const periods = periodsOf(range, granularity, coverage);

      expect(periods[0]?.from).toBe(range.from);
      expect(periods.at(-1)?.to).toBe(range.to);
      periods.slice(1).forEach((period, index) => expect(period.from).toBe(periods[index]!.to));
      expect(periodCount(range, granularity)).toBeGreaterThanOrEqual(periods.length);
    }
  });

  it('names a week by its Monday, across a year', () => {
    expect(
      periodsOf({ from: '2026-01-01', to: '2026-01-06' }, 'week', coverage).map((period) => period.period),
    ).toEqual(['2025-12-29', '2026-01-05']);
  });
});

describe('the last full month', () => {
  it.each([
    ['2026-03-28', '2026-02'],
    ['2026-03-31', '2026-03'],
    ['2026-01-30', '2025-12'],
  ])('with data complete to %s is %s', (lastCompleteDay, month) => {
    expect(lastFullMonth('2025-01-01', lastCompleteDay)).toBe(month);
  });

  it('is none while the first month runs', () => {
    expect(lastFullMonth('2026-03-05', '2026-03-20')).toBeNull();
  });
});
