import type { SpendAnswer } from '../contract/index.ts';

/** Days are `YYYY-MM-DD` and months `YYYY-MM` on the provider's clock; ranges are half-open. Text compares in time's order. */
export interface DayRange {
  from: string;
  to: string;
}

export interface ComparedRanges {
  current: DayRange;
  previous: DayRange;
  isPartial: boolean;
  isPreviousComplete: boolean;
}

/** What the data covers: first and last usage day, and the last that no longer grows. */
export interface Coverage {
  firstDay: string;
  lastDay: string;
  lastCompleteDay: string | null;
}

const DAY_MS = 86_400_000;

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function addMonths(month: string, months: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export function monthRange(month: string): DayRange {
  return { from: `${month}-01`, to: `${addMonths(month, 1)}-01` };
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** Newest month whose days all lie within [firstDay, lastCompleteDay]; the first month counts from its first day with data. */
export function lastFullMonth(firstDay: string, lastCompleteDay: string): string | null {
  const dayAfter = addDays(lastCompleteDay, 1);
  const month = addMonths(dayAfter.slice(0, 7), -1);
  return month >= firstDay.slice(0, 7) ? month : null;
}

/**
 * The range to compare with the one asked for. A range that begins on a month's first day shifts by whole months (so a month
 * is compared with the calendar month before), any other by its own length in days. What lies after the last complete day is
 * cut from the current range first, so that a running month is compared with as many days of the month before.
 */
export function comparedRanges(asked: DayRange, coverage: Coverage): ComparedRanges {
  const current = { from: asked.from, to: comparableEnd(asked, coverage) };
  const previous = asked.from.endsWith('-01') ? shiftedByMonths(asked, current) : shiftedByDays(current);
  return {
    current,
    previous,
    isPartial: current.to < asked.to,
    isPreviousComplete: previous.from >= coverage.firstDay,
  };
}

function comparableEnd(asked: DayRange, coverage: Coverage): string {
  const complete = addDays(coverage.lastCompleteDay ?? coverage.lastDay, 1);
  const known = addDays(coverage.lastDay, 1);
  if (complete > asked.from) return min(asked.to, complete);
  return known > asked.from ? min(asked.to, known) : asked.to;
}

function shiftedByMonths(asked: DayRange, current: DayRange): DayRange {
  const lastDay = addDays(asked.to, -1);
  const months = monthIndex(lastDay) - monthIndex(asked.from) + 1;
  const from = `${addMonths(asked.from.slice(0, 7), -months)}-01`;
  const endMonth = addMonths(addDays(current.to, -1).slice(0, 7), -months);
  const daysIntoMonth = Number(addDays(current.to, -1).slice(8));
  const endOfMonth = monthRange(endMonth).to;
  const isWholeMonth = current.to.endsWith('-01');
  return { from, to: isWholeMonth ? endOfMonth : min(endOfMonth, addDays(`${endMonth}-01`, daysIntoMonth)) };
}

function shiftedByDays(current: DayRange): DayRange {
  return { from: addDays(current.from, -daysBetween(current.from, current.to)), to: current.from };
}

function monthIndex(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
}

function min(a: string, b: string): string {
  return a < b ? a : b;
}

type Period = SpendAnswer['periods'][number];
export type Granularity = 'day' | 'week' | 'month';

/** How many periods {@link periodsOf} would give; cheap, to refuse a range before it is spelled out. */
export function periodCount(range: DayRange, granularity: Granularity): number {
  if (granularity === 'month') return monthIndex(addDays(range.to, -1)) - monthIndex(range.from) + 1;
  const days = daysBetween(range.from, range.to);
  return granularity === 'day' ? days : Math.ceil(days / 7) + 1;
}

/** Every period of the range in order: days, ISO weeks (named by their Monday) or calendar months, cut to the range. */
export function periodsOf(range: DayRange, granularity: Granularity, coverage: Coverage): Period[] {
  const periods: Period[] = [];
  const dataEnd = addDays(coverage.lastDay, 1);
  const completeEnd = addDays(coverage.lastCompleteDay ?? coverage.lastDay, 1);
  for (let at = range.from; at < range.to;) {
    const whole = periodAround(at, granularity);
    const to = min(whole.to, range.to);
    periods.push({
      period: granularity === 'month' ? at.slice(0, 7) : whole.from,
      from: at,
      to,
      isPartial: at > whole.from || to < whole.to || whole.from < coverage.firstDay || whole.to > dataEnd,
      isProvisional: to > completeEnd,
    });
    at = to;
  }
  return periods;
}

function periodAround(day: string, granularity: Granularity): DayRange {
  if (granularity === 'month') return monthRange(day.slice(0, 7));
  if (granularity === 'day') return { from: day, to: addDays(day, 1) };
  const sinceMonday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const monday = addDays(day, -sinceMonday);
  return { from: monday, to: addDays(monday, 7) };
}
