import { z } from 'zod';
import { groupKind, money, type spendQuery } from '../contract/index.ts';
import type { Bound, Reader } from '../warehouse/reader.ts';
import type { Granularity } from './calendar.ts';
import { columnsOf, DIMENSION_SQL, groupColumns, metricColumn, scopeFilters } from './filters.ts';

export type SpendScope = z.output<typeof spendQuery>;

const lineRow = z.object({
  /** The total line, or one of the series. */
  isTotal: z.boolean(),
  key: z.string(),
  kind: groupKind,
  name: z.string(),
  total: money,
  /** Periods with charges, and beside each its cost. */
  periods: z.array(z.string()),
  values: z.array(money),
  otherCount: z.coerce.number().int(),
});
export type SpendLine = z.output<typeof lineRow>;

const PERIOD_START: Record<Granularity, string> = {
  day: 'f.ChargePeriodStart',
  week: "date_trunc('week', f.ChargePeriodStart)",
  month: "date_trunc('month', f.ChargePeriodStart)",
};

/** The total line, and the series where the query names a dimension; the largest series first. */
export function spendLines(reader: Reader, query: SpendScope, currency: string): Promise<SpendLine[]> {
  const { sql, bound } = query.by === 'none' ? totalsAlone(reader, query) : totalsAndSeries(reader, query, query.by);
  const format = query.granularity === 'month' ? '%Y-%m' : '%Y-%m-%d';
  return reader.select(
    lineRow,
    `${sql}
     select isTotal, key, kind, any_value(name) as name, sum(value) as total, list(strftime(period, '${format}') order by period) as periods,
            list(value order by period) as values, any_value(otherCount) as otherCount
     from points group by isTotal, key, kind
     order by isTotal desc, array_position(['value', 'none', 'unallocated', 'other'], kind), total desc, key`,
    { currency, from: query.from, to: query.to, ...scopeFilters(query).bound, ...bound },
  );
}

function totalsAlone(reader: Reader, query: SpendScope): { sql: string; bound: Bound } {
  return {
    sql: `with points as (
       select true as isTotal, 'total' as key, 'value' as kind, 'Total' as name, ${PERIOD_START[query.granularity]} as period,
              sum(f.${metricColumn(query.metric)}) as value, 0 as otherCount
       from ${reader.dailyCosts(scopeFilters(query).columns)} f where ${conditions(query)} group by period
     )`,
    bound: {},
  };
}

function totalsAndSeries(
  reader: Reader,
  query: SpendScope,
  by: keyof typeof DIMENSION_SQL,
): { sql: string; bound: Bound } {
  const dimension = DIMENSION_SQL[by];
  const isOther = "kind = 'value' and position > $top";
  return {
    sql: `with by_raw as materialized (
       select ${PERIOD_START[query.granularity]} as period, f.${dimension.raw} as raw, ${dimension.isUnallocated} as isUnallocated,
              sum(f.${metricColumn(query.metric)}) as value
       from ${reader.dailyCosts([...columnsOf(by), ...scopeFilters(query).columns])} f where ${conditions(query)} group by all
     ), raw_totals as (
       select raw, isUnallocated, sum(value) as value from by_raw group by all
     ), named as (
       select g.raw, g.isUnallocated, ${groupColumns(by)}, g.value from raw_totals g ${dimension.join}
     ), ranked as (
       select key, kind, any_value(name) as name, row_number() over (partition by kind order by sum(value) desc, key) as position
       from named group by key, kind
     ), placed as (
       select n.raw, n.isUnallocated, case when ${isOther} then '~other' else key end as key,
              case when ${isOther} then 'other' else kind end as kind, case when ${isOther} then 'Other' else r.name end as name
       from named n join ranked r using (key, kind)
     ), points as (
       select true as isTotal, 'total' as key, 'value' as kind, 'Total' as name, period, sum(value) as value, 0 as otherCount
       from by_raw group by period
       union all
       select false, p.key, p.kind, any_value(p.name), b.period, sum(b.value), (select count(*) from ranked where ${isOther})
       from by_raw b join placed p on p.raw is not distinct from b.raw and p.isUnallocated = b.isUnallocated
       group by p.key, p.kind, b.period
     )`,
    bound: { top: query.top },
  };
}

function conditions(query: SpendScope): string {
  return `f.BillingCurrency = $currency and f.ChargePeriodStart >= $from::date and f.ChargePeriodStart < $to::date
    ${scopeFilters(query).sql}`;
}
