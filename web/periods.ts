import type { MetaAnswer, SpendQuery } from '../api/contract/index.ts';

/** Half-open range of usage days on the billing clock, `YYYY-MM-DD`. */
export interface DayRange {
  from: string;
  to: string;
}
export type Granularity = NonNullable<SpendQuery['granularity']>;

export const RANGES = ['this-month', 'last-month', '30d', '90d', '6m', '13m', 'all', 'custom'] as const;
export type RangeName = (typeof RANGES)[number];
export const RANGE_LABELS: Record<RangeName, string> = {
  'this-month': 'This month',
  'last-month': 'Last full month',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '6m': 'Last 6 months',
  '13m': 'Last 13 months',
  all: 'All data',
  custom: 'Custom…',
};

export const monthOf = (day: string): string => day.slice(0, 7);
const firstOf = (month: string): string => `${month}-01`;

/** Day arithmetic on the calendar alone: no clock, no zone. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** `2026-11` and -1 -> `2026-10`. */
export function addMonths(month: string, months: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 7);
}

/** Whole days in a half-open range. */
export function daysIn(range: DayRange): number {
  return Math.round((Date.parse(`${range.to}T00:00:00Z`) - Date.parse(`${range.from}T00:00:00Z`)) / 86_400_000);
}

export const monthRange = (month: string): DayRange => ({ from: firstOf(month), to: firstOf(addMonths(month, 1)) });

type Extent = Pick<MetaAnswer, 'firstDay' | 'lastDay' | 'lastFullMonth'>;

/**
 * The days a named range means for the data that is there: it ends with the newest day with data, begins on a month's first day
 * where it counts in months, and never before the oldest data; `custom` is what was chosen. Null while there are no charges.
 */
export function rangeOf(name: RangeName, extent: Extent, custom: Partial<DayRange> = {}): DayRange | null {
  const { firstDay, lastDay } = extent;
  if (firstDay === null || lastDay === null) return null;
  const end = addDays(lastDay, 1);
  const running = monthOf(lastDay);
  const since = (from: string): DayRange => ({ from: from < firstDay ? firstDay : from, to: end });
  switch (name) {
    case 'this-month':
      return since(firstOf(running));
    case 'last-month':
      return monthRange(extent.lastFullMonth ?? running);
    case '30d':
      return since(addDays(end, -30));
    case '90d':
      return since(addDays(end, -90));
    case '6m':
      return since(firstOf(addMonths(running, -5)));
    case '13m':
      return since(firstOf(addMonths(running, -12)));
    case 'all':
      return { from: firstDay, to: end };
    case 'custom': {
      const from = custom.from ?? firstOf(running);
      const to = custom.to ?? end;
      return from < to ? { from, to } : { from, to: addDays(from, 1) };
    }
  }
}

/** The granularity that gives a chart between a handful and a hundred points. */
export function naturalGranularity(range: DayRange): Granularity {
  const days = daysIn(range);
  if (days <= 100) return 'day';
  return days <= 200 ? 'week' : 'month';
}
