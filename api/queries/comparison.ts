import { z } from 'zod';
import { compared, type Metric } from '../contract/index.ts';
import type { Bound, Reader } from '../warehouse/reader.ts';
import { comparedRanges, monthRange, type ComparedRanges } from './calendar.ts';
import { metricColumn, notFound, type Filters } from './filters.ts';

export interface Comparison {
  ranges: ComparedRanges;
  currency: string;
  metric: Metric;
  filters: Filters;
}

export type Compared = z.output<typeof compared>;
export const comparedRow = z.object(compared.shape);

/**
 * The select list `current, previous, change, ratio` over `fct_cost_daily f` restricted by {@link comparisonConditions}. `previous`
 * and `change` are null where there is no data for the previous range.
 */
export function comparisonColumns(comparison: Comparison, firstDay: string): string {
  const column = `f.${metricColumn(comparison.metric)}`;
  const known = comparison.ranges.previous.to > firstDay;
  return `coalesce(sum(${column}) filter (where f.ChargePeriodStart >= $from::date and f.ChargePeriodStart < $to::date), 0)::decimal(38, 9) as current,
          ${known ? `coalesce(sum(${column}) filter (where f.ChargePeriodStart >= $previousFrom::date and f.ChargePeriodStart < $previousTo::date), 0)::decimal(38, 9)` : 'null::decimal(38, 9)'} as previous`;
}

/** `change` and `ratio` over a relation with `current` and `previous`. */
export const CHANGE_COLUMNS = `current - previous as change,
  case when previous = 0 then null else (current - previous)::double / abs(previous::double) end as ratio`;

/** Rows of either range, in scope. Both ranges are bound, also where the previous one is unknown. */
export function comparisonConditions(comparison: Comparison): string {
  return `f.BillingCurrency = $currency and ((f.ChargePeriodStart >= $from::date and f.ChargePeriodStart < $to::date)
      or (f.ChargePeriodStart >= $previousFrom::date and f.ChargePeriodStart < $previousTo::date)) ${comparison.filters.sql}`;
}

export function comparisonBound({ ranges, currency, filters }: Comparison): Bound {
  const { current, previous } = ranges;
  return {
    currency,
    from: current.from,
    to: current.to,
    previousFrom: previous.from,
    previousTo: previous.to,
    ...filters.bound,
  };
}

/** Total of a scope in both ranges. */
export async function compareTotals(reader: Reader, comparison: Comparison): Promise<Compared> {
  const [row] = await reader.select(
    comparedRow,
    `with totals as (
       select ${comparisonColumns(comparison, reader.facts.firstDay ?? '')} from ${reader.dailyCosts(comparison.filters.columns)} f where ${comparisonConditions(comparison)}
     )
     select current, previous, ${CHANGE_COLUMNS} from totals`,
    comparisonBound(comparison),
  );
  return row!;
}

/** Ranges for a calendar month of usage, by default the newest with data; null while there are no charges. Throws NOT_FOUND for a month outside the data. */
export function monthComparison(reader: Reader, asked: string | undefined): ComparedRanges | null {
  const { firstDay, lastDay, lastCompleteDay } = reader.facts;
  if (firstDay === null || lastDay === null) return null;
  const [first, last] = [firstDay.slice(0, 7), lastDay.slice(0, 7)];
  if (asked !== undefined && (asked < first || asked > last)) {
    throw notFound(`there is no usage in ${asked}`, `months with usage: ${first} to ${last}`);
  }
  return comparedRanges(monthRange(asked ?? last), { firstDay, lastDay, lastCompleteDay });
}
