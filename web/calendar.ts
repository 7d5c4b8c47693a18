import { formatMoney, formatNumber, isNegative, isZero, withoutSign } from './format.ts';
import { daysIn, type DayRange } from './periods.ts';

/** A change between two ranges of unlike length, in two parts that sum to it exactly. Decimal strings with 9 places. */
export interface SplitChange {
  change: string;
  /** What the days alone make: the cost before, per day, times the days there are more (or fewer). */
  calendar: string;
  /** What happened beside the calendar, and so what a change is judged by. */
  beyond: string;
  /** `beyond` against what the days let expect; null where that is not above zero. For display only. */
  ratio: number | null;
  /** Days that the current range has more than the one before; below zero: fewer. */
  days: number;
}

interface Compared {
  previous: string | null;
  change: string | null;
}
interface ComparedRanges {
  current: DayRange;
  previous: DayRange;
}

const PLACES = 9;

/**
 * Takes the calendar out of a change: 31 days of October at September's cost per day are no rise. What did not change at all (a fee
 * by the month) is left alone, and what is new has no calendar part. Null where there is nothing to compare with.
 */
export function splitChange({ previous, change }: Compared, ranges: ComparedRanges): SplitChange | null {
  if (change === null || previous === null) return null;
  const before = daysIn(ranges.previous);
  const days = daysIn(ranges.current) - before;
  const total = toNanos(change);
  const calendar = total === 0n || before <= 0 ? 0n : divide(toNanos(previous) * BigInt(days), BigInt(before));
  const expected = toNanos(previous) + calendar;
  const beyond = total - calendar;
  return {
    change: fromNanos(total),
    calendar: fromNanos(calendar),
    beyond: fromNanos(beyond),
    ratio: expected > 0n ? Number(beyond) / Number(expected) : null,
    days,
  };
}

/** `of which $74,124 is one more day`; null where both ranges have the same days. */
export function calendarInWords(split: SplitChange, currency: string | null): string | null {
  if (split.days === 0 || isZero(split.calendar)) return null;
  const days = daysInWords(split.days);
  const isPartOfIt = isNegative(split.calendar) === isNegative(split.change) && !exceeds(split.calendar, split.change);
  return isPartOfIt
    ? `of which ${formatMoney(withoutSign(split.calendar), currency, { precision: 'whole' })} is ${days}`
    : `where ${days} alone would be ${formatMoney(split.calendar, currency, { precision: 'whole', signed: true })}`;
}

const SMALL = ['no', 'one', 'two', 'three'];

/** `one more day`, `three fewer days`. */
export function daysInWords(days: number): string {
  const count = Math.abs(days);
  return `${SMALL[count] ?? formatNumber(count)} ${days < 0 ? 'fewer' : 'more'} ${count === 1 ? 'day' : 'days'}`;
}

function exceeds(a: string, b: string): boolean {
  return toNanos(withoutSign(a)) > toNanos(withoutSign(b));
}

function toNanos(value: string): bigint {
  const [whole = '0', fraction = ''] = withoutSign(value).split('.');
  const nanos = BigInt(whole + fraction.slice(0, PLACES).padEnd(PLACES, '0'));
  return value.startsWith('-') ? -nanos : nanos;
}

function fromNanos(nanos: bigint): string {
  const text = String(nanos < 0n ? -nanos : nanos).padStart(PLACES + 1, '0');
  return `${nanos < 0n ? '-' : ''}${text.slice(0, -PLACES)}.${text.slice(-PLACES)}`;
}

/** Half away from zero; the divisor is above zero. */
function divide(value: bigint, by: bigint): bigint {
  const half = by / 2n;
  return value < 0n ? -((-value + half) / by) : (value + half) / by;
}
