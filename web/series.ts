import type { ChangesAnswer, SpendAnswer } from '../api/contract/index.ts';
import { formatDay, formatMonth, formatMonthName, formatShortDay, formatShortMonth, formatWeekday } from './format.ts';
import { addDays, daysIn } from './periods.ts';

/** What a chart draws for one series; `color` and `fill` are CSS values. */
export interface SeriesConfig {
  key: string;
  name: string;
  kind: SpendAnswer['series'][number]['kind'];
  color: string;
  total: string;
}

/** One period of a chart. `values` are floats for drawing only; `exact` holds the decimal strings they came from. */
export interface ChartRow {
  period: string;
  tick: string;
  title: string;
  note: string | null;
  isProvisional: boolean;
  /** The range or the data covers only some of its days, so it is low without having fallen. */
  isPartial: boolean;
  /** `only 5 days of the week`, where it is partial. */
  part: string | null;
  values: (number | null)[];
  exact: (string | null)[];
  total: string | null;
}

export interface ChartData {
  series: SeriesConfig[];
  rows: ChartRow[];
  hasNegatives: boolean;
  /** Periods without any data: a gap is shown as a gap, and said. */
  missing: number;
  provisionalFrom: string | null;
}

/** Colours of the categorical palette (`styles/tokens.css`, `--series-1` ...). */
const PALETTE_SIZE = 8;

/** Colour by place among the named values: the n-th largest keeps the n-th colour in chart, legend and table. */
export function colorOf(kind: SeriesConfig['kind'], place: number): string {
  if (kind === 'value') return `var(--series-${(place % PALETTE_SIZE) + 1})`;
  return `var(--series-${kind})`;
}

/** Shapes a spend answer for drawing. The only place where money becomes a number. */
export function chartData(answer: SpendAnswer): ChartData {
  let place = 0;
  const series = answer.series.map((one) => ({
    key: one.key,
    name: seriesName(one, answer.otherCount),
    kind: one.kind,
    color: colorOf(one.kind, one.kind === 'value' ? place++ : 0),
    total: one.total,
  }));
  const spansYears = answer.from.slice(0, 4) !== addDays(answer.to, -1).slice(0, 4);
  const rows = answer.periods.map((period, index): ChartRow => {
    const exact = answer.series.map((one) => one.points[index]?.value ?? null);
    return {
      period: period.period,
      tick: tickOf(period, spansYears),
      title: titleOf(period),
      note: noteOf(period),
      isProvisional: period.isProvisional,
      isPartial: period.isPartial,
      part: partOf(period),
      values: exact.map(toNumber),
      exact,
      total: answer.totals[index]?.value ?? null,
    };
  });
  return {
    series,
    rows,
    hasNegatives: rows.some((row) => row.values.some((value) => value !== null && value < 0)),
    missing: rows.filter((row) => row.total === null).length,
    provisionalFrom: rows.find((row) => row.isProvisional)?.period ?? null,
  };
}

export interface Axis {
  domain: [bottom: number, top: number];
  ticks: number[];
}

const STEPS = [1, 2, 2.5, 5, 10];
const MOST_STEPS = 5;

/**
 * The money axis of the stacks that are shown: from zero, or as far below as credits reach and no further, to a round number.
 * Ticks are multiples of one round step, and zero is one of them.
 */
export function moneyAxis(data: ChartData, hidden: ReadonlySet<string>): Axis {
  let [bottom, top] = [0, 0];
  for (const row of data.rows) {
    let [below, above] = [0, 0];
    row.values.forEach((value, place) => {
      if (value === null || hidden.has(data.series[place]?.key ?? '')) return;
      if (value < 0) below += value;
      else above += value;
    });
    bottom = Math.min(bottom, below);
    top = Math.max(top, above);
  }
  if (top === bottom) return { domain: [0, 1], ticks: [0] };
  const rough = (top - bottom) / MOST_STEPS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  const [first, last] = [Math.ceil(bottom / step), Math.ceil(top / step)];
  const ticks = Array.from(
    { length: last - first + 1 },
    (_, index) => Number(((first + index) * step).toPrecision(12)) + 0,
  );
  return { domain: [bottom, ticks.at(-1) ?? top], ticks };
}

/** A decimal string as a float: for lengths and positions, never for text. */
export function toNumber(value: string | null): number | null {
  return value === null ? null : Number(value);
}

/** A bar's length between 0 and 1 against the largest of its column. */
export function barShare(value: string, largest: number): number {
  return largest === 0 ? 0 : Math.min(1, Math.abs(Number(value)) / largest);
}

/**
 * The longest bar of a column: the largest cost. Zero, and so no bars at all, where credits outweigh the costs: lengths would then
 * show shares of something that has none.
 */
export function longestOf(values: readonly string[]): number {
  const numbers = values.map(Number);
  if (numbers.reduce((sum, value) => sum + value, 0) <= 0) return 0;
  return Math.max(...numbers);
}

/** Orders decimal strings by size; near ties fall back to the text, so that the order is stable. */
export function byMoney(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0);
}

export interface BreakdownRow {
  key: string;
  name: string;
  kind: SeriesConfig['kind'];
  current: string;
  previous: string | null;
  change: string | null;
  ratio: number | null;
  isNew: boolean;
  isGone: boolean;
  /** Set where the chart draws it. */
  color: string | null;
}

/**
 * What the money went to, largest first: the differences, coloured as the chart draws the same keys. Where both are of the same
 * range, what the chart knows and the differences left below their limit is added.
 */
export function breakdown(changes: ChangesAnswer, drawn: SpendAnswer | null, isSameRange: boolean): BreakdownRow[] {
  const series = new Map(drawn ? chartData(drawn).series.map((one) => [one.key, one]) : []);
  const rows: BreakdownRow[] = changes.rows.map((row) => ({ ...row, color: series.get(row.key)?.color ?? null }));
  const known = new Set(rows.map((row) => row.key));
  const unchanged = isSameRange
    ? [...series.values()].filter((one) => one.kind !== 'other' && !known.has(one.key))
    : [];
  for (const { key, name, kind, total, color } of unchanged) {
    rows.push({
      key,
      name,
      kind,
      current: total,
      previous: null,
      change: null,
      ratio: null,
      isNew: false,
      isGone: false,
      color,
    });
  }
  return rows.sort((a, b) => byMoney(b.current, a.current));
}

/** A part's share of a whole, for display; null where the whole is not above zero. */
export function shareOf(part: string, whole: string | null): number | null {
  const base = Number(whole ?? 0);
  return base > 0 ? Number(part) / base : null;
}

function seriesName(one: SpendAnswer['series'][number], otherCount: number): string {
  return one.kind === 'other' && otherCount > 0 ? `${otherCount} others` : one.name;
}

type Period = SpendAnswer['periods'][number];
const isMonth = (period: Period): boolean => period.period.length === 7;

function tickOf(period: Period, spansYears: boolean): string {
  if (!isMonth(period)) return formatShortDay(period.period);
  if (!spansYears) return formatShortMonth(period.period);
  return period.period.endsWith('-01') ? `Jan ’${period.period.slice(2, 4)}` : formatMonthName(period.period);
}

function titleOf(period: Period): string {
  if (isMonth(period)) return formatMonth(period.period);
  const days = daysIn({ from: period.from, to: period.to });
  if (days === 1) return formatWeekday(period.from);
  return `${formatShortDay(period.from)} – ${formatDay(addDays(period.to, -1))}`;
}

function noteOf(period: Period): string | null {
  const notes = [partOf(period), period.isProvisional ? 'may still grow' : null].filter((note) => note !== null);
  return notes.length ? notes.join('; ') : null;
}

function partOf(period: Period): string | null {
  if (!period.isPartial) return null;
  const days = daysIn({ from: period.from, to: period.to });
  return `only ${days} ${days === 1 ? 'day' : 'days'} of the ${isMonth(period) ? 'month' : 'week'}`;
}

/** How many lines it takes until their cumulative share reaches `share`; null where they do not. */
export function linesToReach(cumulative: (number | null)[], share: number): number | null {
  const at = cumulative.findIndex((value) => value !== null && value >= share);
  return at === -1 ? null : at + 1;
}
