import type { ReactElement } from 'react';
import { isNegative } from '../format.ts';
import { barShare } from '../series.ts';

/** A length beside its number; credits grow from the right. Nothing where no length would say anything. */
export function Bar(props: { value: string; largest: number; color?: string }): ReactElement | null {
  const { value, largest, color } = props;
  if (largest <= 0) return null;
  return (
    <span className="bar" data-negative={isNegative(value)} aria-hidden="true">
      <span style={{ width: `${barShare(value, largest) * 100}%`, ...(color ? { background: color } : {}) }} />
    </span>
  );
}
