import { useMemo, type ReactElement } from 'react';
import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatMoney } from '../format.ts';
import { moneyAxis, type ChartData, type ChartRow, type SeriesConfig } from '../series.ts';
import { TrendTip } from './trend-tip.tsx';

interface TrendChartProps {
  data: ChartData;
  currency: string | null;
  /** Keys that are switched off. */
  hidden: ReadonlySet<string>;
  label: string;
}

/** More bars than this become too thin to read; areas take over, unless something is negative. */
const MOST_BARS = 62;
/** A week or month that is only partly there is drawn lighter: it is low, and has not fallen. */
const PARTIAL_OPACITY = 0.4;

/** Money over time, stacked by series; credits hang below zero, days that may still grow are marked. */
export function TrendChart({ data, currency, hidden, label }: TrendChartProps): ReactElement {
  const shown = useMemo(() => withPlace(data.series).filter((one) => !hidden.has(one.series.key)), [data, hidden]);
  const asBars = drawsBars(data);
  const Chart = asBars ? BarChart : AreaChart;
  const ticks = useMemo(() => new Map(data.rows.map((row) => [row.period, row.tick])), [data]);
  const axis = useMemo(() => moneyAxis(data, hidden), [data, hidden]);
  const last = data.rows.at(-1)?.period;
  return (
    <div className="chart-area">
      <ResponsiveContainer width="100%" height="100%">
        <Chart
          data={data.rows}
          stackOffset={data.hasNegatives ? 'sign' : 'none'}
          margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
          barCategoryGap="16%"
          title={label}
        >
          <defs>
            <pattern
              id="hatch-unallocated"
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="6" height="6" fill="var(--surface)" />
              <rect width="2.2" height="6" fill="var(--series-unallocated)" />
            </pattern>
            <pattern
              id="hatch-provisional"
              width="7"
              height="7"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="1.500" height="7" fill="var(--ink-3)" opacity="0.35" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="period"
            tickFormatter={(period: string) => ticks.get(period) ?? period}
            tickLine={false}
            axisLine={{ stroke: 'var(--line-strong)' }}
            minTickGap={10}
            interval="equidistantPreserveStart"
            tickMargin={8}
          />
          <YAxis
            width={58}
            domain={axis.domain}
            ticks={axis.ticks}
            interval={0}
            tickLine={false}
            axisLine={false}
            tickFormatter={(value: number) => formatMoney(String(value), currency, { precision: 'compact' })}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={asBars ? { fill: 'var(--ink)', opacity: 0.05 } : { stroke: 'var(--ink-3)' }}
            content={<TrendTip series={data.series} currency={currency} hidden={hidden} />}
          />
          {data.provisionalFrom !== null && last !== undefined && (
            <ReferenceArea
              x1={data.provisionalFrom}
              x2={last}
              fill="url(#hatch-provisional)"
              fillOpacity={1}
              ifOverflow="hidden"
            />
          )}
          {data.hasNegatives && <ReferenceLine y={0} stroke="var(--line-strong)" />}
          {shown.map(({ series, place }) =>
            asBars ? (
              <Bar
                key={series.key}
                dataKey={valueAt(place)}
                name={series.name}
                stackId="all"
                fill={fillOf(series)}
                stroke="var(--surface)"
                strokeWidth={0.75}
                maxBarSize={56}
                isAnimationActive={false}
              >
                {data.rows.map((row) => (
                  <Cell key={row.period} fillOpacity={row.isPartial ? PARTIAL_OPACITY : 1} />
                ))}
              </Bar>
            ) : (
              <Area
                key={series.key}
                dataKey={valueAt(place)}
                name={series.name}
                stackId="all"
                type="linear"
                dot={false}
                fill={fillOf(series)}
                fillOpacity={1}
                stroke="var(--surface)"
                strokeWidth={0.75}
                isAnimationActive={false}
                activeDot={false}
              />
            ),
          )}
        </Chart>
      </ResponsiveContainer>
    </div>
  );
}

const drawsBars = (data: ChartData): boolean => data.rows.length <= MOST_BARS || data.hasNegatives;
const withPlace = (all: SeriesConfig[]): { series: SeriesConfig; place: number }[] =>
  all.map((series, place) => ({ series, place }));
const valueAt = (place: number) => (row: ChartRow) => row.values[place] ?? null;
const fillOf = (series: SeriesConfig): string =>
  series.kind === 'unallocated' ? 'url(#hatch-unallocated)' : series.color;
