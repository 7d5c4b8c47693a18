import type { ReactElement } from 'react';

/** A line without axes, from floats; gaps where there is no data. The text beside it must say what it shows. */
export function Spark({
  values,
  label,
  fill = true,
}: {
  values: (number | null)[];
  label: string;
  fill?: boolean;
}): ReactElement | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const top = Math.max(...known, 0);
  const bottom = Math.min(...known, 0);
  const span = top - bottom || 1;
  const x = (index: number): number => (index / (values.length - 1)) * 100;
  const y = (value: number): number => 38 - ((value - bottom) / span) * 36;
  const points = values.flatMap((value, index) =>
    value === null ? [] : [`${x(index).toFixed(2)},${y(value).toFixed(2)}`],
  );
  const first = values.findIndex((value) => value !== null);
  const last = values.findLastIndex((value) => value !== null);
  return (
    <svg
      className="spark"
      width="100%"
      height="100%"
      viewBox="0 0 100 40"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {fill && <path className="fill" d={`M${x(first)},${y(0)} L${points.join(' L')} L${x(last)},${y(0)} Z`} />}
      <path d={`M${points.join(' L')}`} />
    </svg>
  );
}
