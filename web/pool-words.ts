import type { FallbackUse, PoolSummary, PoolTerm } from '../api/contract/index.ts';
import { formatDay, formatMonth, formatShortDay, isZero } from './format.ts';
import { addDays } from './periods.ts';

const COSTS = {
  EffectiveCost: 'direct cost',
  BilledCost: 'direct billed cost',
  ListCost: 'direct cost at list prices',
};

/** How one term passes a pool on, inside a sentence: `by bytes written, measured monthly`. */
function termInWords(term: PoolTerm): string {
  const who = term.x_Level;
  switch (term.x_Method) {
    case 'even':
      return `the same for every ${who}`;
    case 'fixed':
      return 'by fixed shares';
    case 'proportional':
      return `in proportion to ${COSTS[term.x_BaseColumn]}${who === 'component' ? ' of each component' : ''}`;
    case 'driver': {
      const rhythm = { day: ', measured daily', month: ', measured monthly' };
      const measured = term.x_DriverPeriodUnit ? rhythm[term.x_DriverPeriodUnit] : ', of which nothing is measured yet';
      return `by ${term.x_DriverTitle ?? term.x_DriverName ?? 'use'}${measured}`;
    }
  }
}

/** How a pool is passed on in a month: one method, or one after the other where it was changed within it. */
export function methodInWords(terms: readonly PoolTerm[]): string {
  return terms
    .map((term) => {
      const words = termInWords(term);
      return terms.length > 1 && term.ValidTo ? `${words} until ${formatDay(addDays(term.ValidTo, -1))}` : words;
    })
    .join(', then ');
}

export const startsLarge = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `since Aug 16, 2026`, `until …`, both, or null where a pool has neither beginning nor end. */
export function validityInWords(terms: readonly PoolTerm[]): string | null {
  const from = terms[0]?.ValidFrom ?? null;
  const to = terms.at(-1)?.ValidTo ?? null;
  const words = [from && `since ${formatDay(from)}`, to && `until ${formatDay(addDays(to, -1))}`].filter(Boolean);
  return words.length > 0 ? words.join(', ') : null;
}

/** `Aug 1 – 15`: a half-open run of days as people write it. */
export function daysInWords({ ValidFrom, ValidTo }: { ValidFrom: string; ValidTo: string }): string {
  const last = addDays(ValidTo, -1);
  if (last === ValidFrom) return formatShortDay(last);
  const isSameMonth = last.slice(0, 7) === ValidFrom.slice(0, 7);
  return `${formatShortDay(ValidFrom)} – ${isSameMonth ? Number(last.slice(8)) : formatShortDay(last)}`;
}

/** What was done on days on which nobody had any weight, as a sentence. */
export function fallbackInWords(use: FallbackUse, terms: readonly PoolTerm[]): string {
  const isMeasured = terms.some((term) => term.x_Method === 'driver');
  const why = `${isMeasured ? 'Nobody’s use was measured' : 'Nobody had a share'} for ${daysInWords(use)}`;
  switch (use.x_FallbackUsed) {
    case 'previous': {
      const stood = use.x_DriverPeriodStart;
      const unit = terms.find((term) => term.x_DriverPeriodUnit)?.x_DriverPeriodUnit;
      const period = stood === null ? 'the period before' : unit === 'day' ? formatDay(stood) : formatMonth(stood);
      return `${why}, so it was divided as measured for ${period}.`;
    }
    case 'even':
      return `${why}, so it was divided evenly.`;
    case 'keep':
      return `${why}, so it stayed where it was.`;
  }
}

/** Everything that a reader should know of how a month went: fallbacks, and why something stayed. */
export function remarksOn(pool: PoolSummary): string[] {
  const remarks = pool.fallbacks.map((use) => fallbackInWords(use, pool.terms));
  if (pool.x_IsUnnamedKept) {
    remarks.push(
      pool.terms.some((term) => term.x_Method === 'driver')
        ? 'What was used by consumers that the catalog does not know stayed where it was: nobody else should pay for it.'
        : 'Nobody but the pool itself is named for it, so it stayed where it was.',
    );
  }
  if (isZero(pool.taken.BilledCost) && isZero(pool.taken.ListCost)) remarks.push('Nothing fell into it in this month.');
  return remarks;
}

/** Heading of the quantities that decided, by method. */
export function weightTitle(terms: readonly PoolTerm[]): string {
  const [term] = terms;
  if (!term || terms.length > 1) return 'Weight';
  if (term.x_Method === 'driver') return startsLarge(term.x_DriverTitle ?? term.x_DriverName ?? 'Quantity');
  return term.x_Method === 'proportional' ? startsLarge(COSTS[term.x_BaseColumn]) : 'Weight';
}

/** One pool of each method, to paste under the configuration's other keys. */
export const POOL_EXAMPLE = `drivers:
  - { name: kafka-bytes, title: bytes written to Kafka, files: ['./drivers/kafka-bytes.csv'] }
pools:
  - { name: event-bus, title: Event bus, of: { component: kafka }, method: driver, driver: kafka-bytes, fallback: previous }
  - { name: support, title: Support, of: { service: '*support*' }, method: proportional }
  - { name: office, title: Office network, of: { project: acme-office }, method: fixed, shares: { 'squad:search': 60, 'squad:ads': 40 } }`;
