import { z } from 'zod';
import { groupKind, money, type ChangesAnswer, type changesQuery } from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { comparedRanges, type ComparedRanges } from './calendar.ts';
import {
  CHANGE_COLUMNS,
  comparedRow,
  compareTotals,
  comparisonBound,
  comparisonColumns,
  comparisonConditions,
  monthComparison,
} from './comparison.ts';
import { columnsOf, currencyOf, DIMENSION_SQL, groupColumns, scopeFilters } from './filters.ts';

type Query = z.output<typeof changesQuery>;

const changeRow = comparedRow.extend({
  key: z.string(),
  kind: groupKind,
  name: z.string(),
  isNew: z.boolean(),
  isGone: z.boolean(),
  position: z.coerce.number(),
});

const restRow = z.object({
  restCount: z.coerce.number().int(),
  current: money.nullable(),
  previous: money.nullable(),
  change: money.nullable(),
});

/** What changed against the equally long range before, ranked by absolute change. */
export async function changes(reader: Reader, query: Query): Promise<ChangesAnswer> {
  const currency = currencyOf(reader.facts, query.currency);
  const head = { BillingCurrency: currency, metric: query.metric, by: query.by };
  const ranges = rangesOf(reader, query);
  if (currency === null || ranges === null) return { ...head, ranges: null, total: null, rows: [], rest: null };
  const comparison = { ranges, currency, metric: query.metric, filters: scopeFilters(query) };
  const dimension = DIMENSION_SQL[query.by];
  const ranked = `with by_raw as (
      select f.${dimension.raw} as raw, ${dimension.isUnallocated} as isUnallocated,
             ${comparisonColumns(comparison, reader.facts.firstDay ?? '')}
      from ${reader.dailyCosts([...columnsOf(query.by), ...comparison.filters.columns])} f where ${comparisonConditions(comparison)} group by all
    ), named as (
      select ${groupColumns(query.by)}, g.current, g.previous from by_raw g ${dimension.join}
    ), summed as (
      select key, kind, any_value(name) as name, sum(current) as current, sum(previous) as previous
      from named group by key, kind
    ), compared as (
      select key, kind, name, current, previous, ${CHANGE_COLUMNS},
             previous = 0 and current <> 0 as isNew, current = 0 and previous <> 0 as isGone
      from summed where current <> 0 or previous <> 0
    ), ranked as (
      select *, row_number() over (order by abs(coalesce(change, current)) desc, kind, key) as position from compared
    )`;
  const bound = { ...comparisonBound(comparison), limit: query.limit };
  const [rows, rest, total] = await Promise.all([
    reader.select(
      changeRow,
      `${ranked} select * replace (coalesce(isNew, false) as isNew, coalesce(isGone, false) as isGone)
       from ranked where position <= $limit order by position`,
      bound,
    ),
    reader.select(
      restRow,
      `${ranked} select count(*) as restCount, sum(current) as current, sum(previous) as previous, sum(change) as change
       from ranked where position > $limit`,
      bound,
    ),
    compareTotals(reader, comparison),
  ]);
  return { ...head, ranges, total, rows: rows.map(({ position: _position, ...row }) => row), rest: restOf(rest[0]) };
}

function rangesOf(reader: Reader, query: Query): ComparedRanges | null {
  if (query.from === undefined || query.to === undefined) return monthComparison(reader, query.month);
  const { firstDay, lastDay, lastCompleteDay } = reader.facts;
  if (firstDay === null || lastDay === null) return null;
  return comparedRanges({ from: query.from, to: query.to }, { firstDay, lastDay, lastCompleteDay });
}

function restOf(row: z.output<typeof restRow> | undefined): ChangesAnswer['rest'] {
  if (!row || row.restCount === 0 || row.current === null) return null;
  return { count: row.restCount, current: row.current, previous: row.previous, change: row.change };
}
