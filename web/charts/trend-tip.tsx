import type { ReactElement } from 'react';
import type { TooltipContentProps } from 'recharts';
import { formatMoney, isZero } from '../format.ts';
import { barShare, type ChartRow, type SeriesConfig } from '../series.ts';
import { Swatch } from '../parts/swatch.tsx';

interface TrendTipProps extends Partial<TooltipContentProps<number, string>> {
  series: SeriesConfig[];
  currency: string | null;
  hidden: ReadonlySet<string>;
}

const MOST_LINES = 10;

/** Exact values of the period under the pointer, largest first. */
export function TrendTip({ active, payload, series, currency, hidden }: TrendTipProps): ReactElement | null {
  const row = payload?.[0]?.payload as ChartRow | undefined;
  if (!active || !row) return null;
  const lines = series
    .map((one, place) => ({ one, value: row.exact[place] ?? null }))
    .filter(({ one, value }) => value !== null && !isZero(value) && !hidden.has(one.key))
    .sort((a, b) => barShare(b.value ?? '0', 1e15) - barShare(a.value ?? '0', 1e15))
    .slice(0, MOST_LINES);
  return (
    <div className="chart-tip">
      <header>
        <span>{row.title}</span>
        <span>{row.total === null ? 'no data' : formatMoney(row.total, currency)}</span>
      </header>
      {row.note && <p className="note">{row.note}</p>}
      {(lines.length > 1 || lines[0]?.one.key !== 'total') && (
        <ul>
          {lines.map(({ one, value }) => (
            <li key={one.key}>
              <Swatch kind={one.kind} color={one.color} />
              <span>{one.name}</span>
              <span>{value === null ? '' : formatMoney(value, currency)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
