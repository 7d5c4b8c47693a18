import { z } from 'zod';
import { groupKind, money, type Money, type SpendAnswer, type spendQuery } from '../contract/index.ts';
import { ApiProblem } from '../problems.ts';
import type { Bound, Reader } from '../warehouse/reader.ts';
import { addDays, comparedRanges, periodCount, periodsOf, type Coverage, type Granularity } from './calendar.ts';
import { compareTotals } from './comparison.ts';
import { currencyOf, DIMENSION_SQL, groupColumns, metricColumn, scopeFilters } from './filters.ts';

type Query = z.output<typeof spendQuery>;
type Series = SpendAnswer['series'][number];

const MAX_PERIODS = 1200;
export const ZERO = money.parse('0.000000000');

const BUCKETS: Record<Granularity, string> = {
  day: "strftime(f.ChargePeriodStart, '%Y-%m-%d')",
  week: "strftime(date_trunc('week', f.ChargePeriodStart), '%Y-%m-%d')",
  month: "strftime(f.ChargePeriodStart, '%Y-%m')",
};

const pointRow = z.object({
  key: z.string(),
  kind: groupKind,
  name: z.string(),
  total: money,
  period: z.string(),
  value: money,
  otherCount: z.coerce.number().int(),
});

/** Cost over usage days, by period and one dimension. */
export async function spend(reader: Reader, query: Query): Promise<SpendAnswer> {
  refuseTooLong(query);
  const currency = currencyOf(reader.facts, query.currency);
  const { facts } = reader;
  const head = { BillingCurrency: currency, metric: query.metric, from: query.from, to: query.to };
  if (currency === null || facts.firstDay === null || facts.lastDay === null) {
    return {
      ...head,
      periods: [],
      series: [],
      otherCount: 0,
      total: ZERO,
      totals: [],
      comparison: null,
      provisionalFrom: null,
    };
  }
  const coverage = { firstDay: facts.firstDay, lastDay: facts.lastDay, lastCompleteDay: facts.lastCompleteDay };
  const periods = periodsOf(query, query.granularity, coverage);
  const ranges = comparedRanges(query, coverage);
  const [rows, totalRows, compared] = await Promise.all([
    query.by === 'none' ? [] : seriesPoints(reader, query, currency),
    totalPoints(reader, query, currency),
    compareTotals(reader, { ranges, currency, metric: query.metric, filters: scopeFilters(query) }),
  ]);
  const line = toSeries(totalRows, periods, coverage)[0];
  const total = line?.total ?? ZERO;
  const totals = line?.points ?? fillPeriods(new Map(), periods, coverage);
  const firstProvisional = addDays(facts.lastCompleteDay ?? facts.lastDay, 1);
  return {
    ...head,
    periods,
    series:
      query.by === 'none'
        ? [{ key: 'total', name: 'Total', kind: 'value', total, points: totals }]
        : toSeries(rows, periods, coverage),
    otherCount: rows[0]?.otherCount ?? 0,
    total,
    totals,
    comparison: { ...compared, ranges },
    provisionalFrom: firstProvisional < query.to ? maxDay(firstProvisional, query.from) : null,
  };
}

async function seriesPoints(reader: Reader, query: Query, currency: string): Promise<z.output<typeof pointRow>[]> {
  if (query.by === 'none') return [];
  const dimension = DIMENSION_SQL[query.by];
  const { sql, bound } = rangeConditions(query, currency);
  return reader.select(
    pointRow,
    `with by_raw as (
       select ${BUCKETS[query.granularity]} as period, ${dimension.raw} as raw, f.SquadId = 'unallocated' as isUnallocated,
              sum(f.${metricColumn(query.metric)}) as value
       from fct_cost_daily f where ${sql}
       group by all
     ), grouped as (
       select g.period, ${groupColumns(query.by)}, g.value from by_raw g ${dimension.join}
     ), ranked as (
       select key, kind, any_value(name) as name, sum(value) as total,
              row_number() over (partition by kind order by sum(value) desc, key) as position
       from grouped group by key, kind
     ), placed as (
       select key, kind, case when kind = 'value' and position > $top then '~other' else key end as series,
              case when kind = 'value' and position > $top then 'other' else kind end as seriesKind,
              case when kind = 'value' and position > $top then 'Other' else name end as seriesName
       from ranked
     ), points as (
       select p.series as key, p.seriesKind as kind, any_value(p.seriesName) as name, g.period, sum(g.value) as value
       from grouped g join placed p on p.key = g.key and p.kind = g.kind
       group by p.series, p.seriesKind, g.period
     )
     select key, kind, name, period, value, sum(value) over (partition by key, kind) as total,
            (select count(*) from placed where seriesKind = 'other') as otherCount
     from points
     order by array_position(['value', 'none', 'unallocated', 'other'], kind), total desc, key, period`,
    { ...bound, top: query.top },
  );
}

function totalPoints(reader: Reader, query: Query, currency: string): Promise<z.output<typeof pointRow>[]> {
  const { sql, bound } = rangeConditions(query, currency);
  return reader.select(
    pointRow,
    `select 'total' as key, 'value' as kind, 'Total' as name, ${BUCKETS[query.granularity]} as period,
            sum(f.${metricColumn(query.metric)}) as value, sum(sum(f.${metricColumn(query.metric)})) over () as total, 0 as otherCount
     from fct_cost_daily f where ${sql} group by period`,
    bound,
  );
}

function rangeConditions(query: Query, currency: string): { sql: string; bound: Bound } {
  const filters = scopeFilters(query);
  return {
    sql: `f.BillingCurrency = $currency and f.ChargePeriodStart >= $from::date and f.ChargePeriodStart < $to::date ${filters.sql}`,
    bound: { currency, from: query.from, to: query.to, ...filters.bound },
  };
}

function toSeries(rows: z.output<typeof pointRow>[], periods: SpendAnswer['periods'], coverage: Coverage): Series[] {
  const byKey = new Map<string, { row: z.output<typeof pointRow>; values: Map<string, Money> }>();
  for (const row of rows) {
    const id = `${row.kind} ${row.key}`;
    const series = byKey.get(id) ?? { row, values: new Map<string, Money>() };
    series.values.set(row.period, row.value);
    byKey.set(id, series);
  }
  return [...byKey.values()].map(({ row: { key, name, kind, total }, values }) => ({
    key,
    name,
    kind,
    total,
    points: fillPeriods(values, periods, coverage),
  }));
}

/** A period inside the data without a charge cost nothing; a period outside the data is not known. */
function fillPeriods(
  values: Map<string, Money>,
  periods: SpendAnswer['periods'],
  coverage: Coverage,
): Series['points'] {
  return periods.map(({ period, from, to }) => {
    const isKnown = to > coverage.firstDay && from <= coverage.lastDay;
    return { period, value: values.get(period) ?? (isKnown ? ZERO : null) };
  });
}

function refuseTooLong(query: Query): void {
  const periods = periodCount(query, query.granularity);
  if (periods <= MAX_PERIODS) return;
  throw new ApiProblem({
    status: 400,
    kind: 'range-too-long',
    title: 'The range is too long',
    detail: `from ${query.from} to ${query.to} is ${periods} periods of a ${query.granularity}; at most ${MAX_PERIODS} are answered`,
    fix: 'ask for a shorter range or a coarser granularity',
  });
}

function maxDay(a: string, b: string): string {
  return a > b ? a : b;
}
