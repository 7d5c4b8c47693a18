import type { ReactElement } from 'react';
import { isNegative } from '../format.ts';
import { barShare } from '../series.ts';

/** A length beside its number; credits grow from the right. */
export function Bar({ value, largest, color }: { value: string; largest: number; color?: string }): ReactElement {
  return (
    <span className="bar" data-negative={isNegative(value)} aria-hidden="true">
      <span style={{ width: `${barShare(value, largest) * 100}%`, ...(color ? { background: color } : {}) }} />
    </span>
  );
}
