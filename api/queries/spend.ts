import type { SpendAnswer } from '../contract/index.ts';
import { ApiProblem } from '../problems.ts';
import type { Reader } from '../warehouse/reader.ts';
import { addDays, comparedRanges, periodCount, periodsOf, type Coverage } from './calendar.ts';
import { compareTotals } from './comparison.ts';
import { currencyOf, scopeFilters } from './filters.ts';
import { spendLines, type SpendLine, type SpendScope } from './spend-lines.ts';
import { ZERO } from './zero.ts';

type Series = SpendAnswer['series'][number];

const MAX_PERIODS = 1200;

/** Cost over usage days, by period and one dimension. */
export async function spend(reader: Reader, query: SpendScope): Promise<SpendAnswer> {
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
  const [lines, compared] = await Promise.all([
    spendLines(reader, query, currency),
    compareTotals(reader, { ranges, currency, metric: query.metric, filters: scopeFilters(query) }),
  ]);
  const bySeries = lines.filter((line) => !line.isTotal);
  const line = lines.find((line) => line.isTotal);
  const total = line?.total ?? ZERO;
  const totals = pointsOf(line, periods, coverage);
  const firstProvisional = addDays(facts.lastCompleteDay ?? facts.lastDay, 1);
  return {
    ...head,
    periods,
    series:
      query.by === 'none'
        ? [{ key: 'total', name: 'Total', kind: 'value', total, points: totals }]
        : bySeries.map((one) => toSeries(one, pointsOf(one, periods, coverage))),
    otherCount: bySeries[0]?.otherCount ?? 0,
    total,
    totals,
    comparison: { ...compared, ranges },
    provisionalFrom: firstProvisional < query.to ? maxDay(firstProvisional, query.from) : null,
  };
}

function toSeries({ key, name, kind, total }: SpendLine, points: Series['points']): Series {
  return { key, name, kind, total, points };
}

/** A period inside the data without a charge cost nothing; a period outside the data is not known. */
function pointsOf(line: SpendLine | undefined, periods: SpendAnswer['periods'], coverage: Coverage): Series['points'] {
  const values = new Map(line?.periods.map((period, index) => [period, line.values[index]]));
  return periods.map(({ period, from, to }) => {
    const isKnown = to > coverage.firstDay && from <= coverage.lastDay;
    return { period, value: values.get(period) ?? (isKnown ? ZERO : null) };
  });
}

function refuseTooLong(query: SpendScope): void {
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
