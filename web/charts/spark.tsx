import type { ReactElement } from 'react';

const WIDTH = 100;
const HEIGHT = 40;
const MARGIN = 2;

/** A line without axes, from floats, with its base at zero; a gap where there is no data. The text beside it says what it shows. */
export function Spark({ values, label }: { values: (number | null)[]; label: string }): ReactElement | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const top = Math.max(...known, 0);
  const bottom = Math.min(...known, 0);
  const x = (index: number): number => (index / (values.length - 1)) * WIDTH;
  const y = (value: number): number =>
    HEIGHT - MARGIN - ((value - bottom) / (top - bottom || 1)) * (HEIGHT - 2 * MARGIN);
  return (
    <svg
      className="spark"
      width="100%"
      height="100%"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {runsOf(values).map((run) => {
        const line = run.map(({ index, value }) => `${x(index).toFixed(2)},${y(value).toFixed(2)}`).join(' L');
        const [first, last] = [run[0]?.index ?? 0, run.at(-1)?.index ?? 0];
        return (
          <g key={first}>
            <path className="fill" d={`M${x(first)},${y(0)} L${line} L${x(last)},${y(0)} Z`} />
            <path d={`M${line}`} />
          </g>
        );
      })}
    </svg>
  );
}

/** Stretches of neighbours that all have a value. */
function runsOf(values: (number | null)[]): { index: number; value: number }[][] {
  const runs: { index: number; value: number }[][] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const current = runs.at(-1);
    if (current && current.at(-1)?.index === index - 1) current.push({ index, value });
    else runs.push([{ index, value }]);
  });
  return runs;
}
