import type { ReactElement } from 'react';
import type { PoolsAnswer } from '../../api/contract/index.ts';
import { precisionOf } from '../format.ts';
import { Money } from './money.tsx';

const PARTS = [
  ['taken', 'Shared', 'what fell into it, as billed'],
  ['passedOn', 'Passed on', 'charged to those who use it'],
  ['kept', 'Stayed', 'with the squad it came from, or with nobody'],
] as const;

/** What was shared, what of it was passed on, and what stayed. */
export function PoolStats({ costs, currency }: { costs: PoolsAnswer['total']; currency: string | null }): ReactElement {
  return (
    <section className="card kinds" aria-label="Shared cost at a glance">
      {PARTS.map(([part, label, hint]) => (
        <div key={part} className="stat">
          <span className="label">{label}</span>
          <span className="figure">
            <Money value={costs[part].BilledCost} currency={currency} precision={precisionOf(costs[part].BilledCost)} />
          </span>
          <span className="line">{hint}</span>
        </div>
      ))}
    </section>
  );
}
