import type { ReactElement } from 'react';
import type { ChargebackAnswer } from '../../api/contract/index.ts';
import { formatDay, formatInstant, formatMonth } from '../format.ts';
import { Card } from './card.tsx';
import { Money } from './money.tsx';
import { Scroll } from './scroll.tsx';

type Closed = Pick<ChargebackAnswer, 'x_IsClosed' | 'closedAt' | 'closedBy' | 'seal'>;

/** Whether finance has closed the month, when, by whom and under which seal. */
export function ClosedBadge({ closed }: { closed: Closed }): ReactElement {
  if (!closed.x_IsClosed || closed.closedAt === null)
    return (
      <span className="tag" title="Not closed: what is charged follows the bills">
        Open
      </span>
    );
  const by = closed.closedBy ? ` by ${closed.closedBy}` : '';
  return (
    <span className="tag good" title={`Closed ${formatInstant(closed.closedAt)}${by}, seal ${closed.seal}`}>
      Closed {formatDay(closed.closedAt.slice(0, 10))}, seal {closed.seal?.slice(0, 8)}…
    </span>
  );
}

const CAUSES: Record<ChargebackAnswer['trueUps'][number]['cause'], string> = {
  'late rows': 'Rows that came after it was closed',
  restated: 'Charged to others',
  'late rows and restated': 'Late rows, and charged to others',
};

/** What is charged in this month for months that were closed before, by month and cause; nothing where there is none. */
export function TrueUps({ answer }: { answer: ChargebackAnswer }): ReactElement | null {
  if (answer.trueUps.length === 0) return null;
  return (
    <Card title="True-ups" note="What changed in closed months; those stay as they were sealed" flush>
      <Scroll label="True-ups">
        <table className="table fits">
          <caption className="visually-hidden">True-ups by closed month</caption>
          <thead>
            <tr>
              <th scope="col">Of</th>
              <th scope="col">Cause</th>
              <th scope="col" className="extra">
                What changed
              </th>
              <th scope="col" className="number">
                Billed
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.trueUps.map((row) => (
              <tr key={[row.month, row.cause, row.changed].join('\n')}>
                <th scope="row">{formatMonth(row.month)}</th>
                <td>{CAUSES[row.cause]}</td>
                <td className="extra">{row.changed ?? <span className="muted">–</span>}</td>
                <td className="number">
                  <Money value={row.BilledCost} currency={answer.BillingCurrency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Card>
  );
}
