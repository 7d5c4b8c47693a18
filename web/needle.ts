import type { MetaAnswer } from '../api/contract/index.ts';
import { daysIn, type DayRange } from './periods.ts';

/**
 * Does a change move the needle? Below what `materialityEngineers` cost over the compared days it does not, and nobody should
 * spend time on it. A judgement for display, so floats are good enough; no figure shown is computed from them.
 */
export type Verdict = 'worth-a-look' | 'noise';

const DAYS_A_YEAR = 365;

/** Materiality in currency units for a range: 0.5 engineers at 200,000 a year is 8,333 for a twelfth of a year. */
export function materiality(decisions: MetaAnswer['decisions'], range: DayRange): number {
  const days = daysIn(range);
  // A calendar month is a twelfth of a year, whether it has 28 days or 31.
  const years = isCalendarMonth(range) ? 1 / 12 : days / DAYS_A_YEAR;
  return decisions.materialityEngineers * decisions.engineerYearlyCost * years;
}

/** `change` is a decimal string, null where there is nothing to compare with. */
export function verdictOn(change: string | null, threshold: number): Verdict {
  return change !== null && Math.abs(Number(change)) >= threshold ? 'worth-a-look' : 'noise';
}

/** An amount as engineers over the compared days: 8,333 in a month at 200,000 a year is 0.5. */
export function asEngineers(change: string, decisions: MetaAnswer['decisions'], range: DayRange): number {
  const one = materiality({ ...decisions, materialityEngineers: 1 }, range);
  return one === 0 ? 0 : Math.abs(Number(change)) / one;
}

function isCalendarMonth(range: DayRange): boolean {
  return range.from.endsWith('-01') && range.to.endsWith('-01') && daysIn(range) >= 28 && daysIn(range) <= 31;
}
