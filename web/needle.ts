import type { MetaAnswer } from '../api/contract/index.ts';
import { splitChange } from './calendar.ts';
import { daysIn, type DayRange } from './periods.ts';

/**
 * Does a change move the needle? Below what `materialityEngineers` cost over the compared days it does not, and nobody should
 * spend time on it. A judgement for display, so floats are good enough; no figure shown is computed from them.
 */
export type Verdict = 'worth-a-look' | 'noise';

type Prices = Pick<MetaAnswer, 'decisions'>;

const DAYS_A_YEAR = 365;

/**
 * Materiality in currency units for a range: 0.5 engineers at 200,000 a year is 8,333 for a twelfth of a year. An engineer has a
 * price in the workspace's currency alone: null in any other, and there is no verdict then.
 */
export function materiality(prices: Prices, currency: string | null, range: DayRange): number | null {
  const one = engineer(prices, currency, range);
  return one === null ? null : one * prices.decisions.materialityEngineers;
}

/** What one engineer costs over a range; null where their price is in another currency. */
function engineer({ decisions }: Prices, currency: string | null, range: DayRange): number | null {
  if (currency === null || currency !== decisions.BillingCurrency) return null;
  // A calendar month is a twelfth of a year, whether it has 28 days or 31.
  return decisions.engineerYearlyCost * (isCalendarMonth(range) ? 1 / 12 : daysIn(range) / DAYS_A_YEAR);
}

/** `beyond` is the change beside the calendar, null where there is nothing to compare with. */
export function verdictOn(beyond: string | null, threshold: number | null): Verdict {
  if (beyond === null || threshold === null) return 'noise';
  return Math.abs(Number(beyond)) >= threshold ? 'worth-a-look' : 'noise';
}

interface Ranges {
  current: DayRange;
  previous: DayRange;
}

/** Judges changes between two ranges, in one currency. Without ranges nothing is worth a look. */
export function judgeOf(
  prices: Prices,
  currency: string | null,
  ranges: Ranges | null,
): (part: { previous: string | null; change: string | null }) => Verdict {
  if (!ranges) return () => 'noise';
  const threshold = materiality(prices, currency, ranges.current);
  return (part) => verdictOn(splitChange(part, ranges)?.beyond ?? null, threshold);
}

/** An amount as engineers over the compared days: 8,333 in a month at 200,000 a year is 0.5. Null without a price of one. */
export function asEngineers(change: string, prices: Prices, currency: string | null, range: DayRange): number | null {
  const one = engineer(prices, currency, range);
  return one ? Math.abs(Number(change)) / one : null;
}

function isCalendarMonth(range: DayRange): boolean {
  return range.from.endsWith('-01') && range.to.endsWith('-01') && daysIn(range) >= 28 && daysIn(range) <= 31;
}
