import type { ReactElement } from 'react';
import type { SeriesConfig } from '../series.ts';
import { Swatch } from './swatch.tsx';

interface LegendProps {
  series: SeriesConfig[];
  hidden: ReadonlySet<string>;
  toggle: (key: string) => void;
}

/** Names and colours of a chart's series; each can be switched off and on. */
export function Legend({ series, hidden, toggle }: LegendProps): ReactElement | null {
  if (series.length < 2) return null;
  return (
    <fieldset className="legend" aria-label="Series in the chart">
      {series.map((one) => (
        <button key={one.key} type="button" aria-pressed={!hidden.has(one.key)} onClick={() => toggle(one.key)}>
          <Swatch kind={one.kind} color={one.color} />
          <span>{one.name}</span>
        </button>
      ))}
    </fieldset>
  );
}
