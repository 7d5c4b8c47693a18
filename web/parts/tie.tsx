import type { ReactElement, ReactNode } from 'react';
import type { ReconciliationRow } from '../../api/contract/index.ts';
import { formatCount, formatMoney, formatMonth } from '../format.ts';
import { reconciliationTitle } from '../reasons.ts';
import { Icon } from './icons.tsx';
import { Scroll } from './scroll.tsx';

interface TieProps {
  month: string;
  isOpen: boolean;
  holds: boolean | null;
  rows: ReconciliationRow[];
  /** More that is to be known of the month, beside whether it ties. */
  children?: ReactNode;
}

/** Whether a month ties, to the last unit, and what was held against what. */
export function Tie({ month, isOpen, holds, rows, children }: TieProps): ReactElement {
  const broken = rows.filter((row) => !row.x_Holds);
  return (
    <section className={holds === false ? 'card tie broken' : 'card tie'} aria-label="Reconciliation">
      <p className="sentence">
        {holds === null ? (
          'Nothing to reconcile this month with.'
        ) : holds ? (
          <>
            <span className="tag good">
              <Icon name="check" size={13} />
              Ties
            </span>{' '}
            {formatMonth(month)} ties to the last unit: {formatCount(rows.length, 'sum')} checked, no difference.
          </>
        ) : (
          <>
            <span className="tag bad">
              <Icon name="alert" size={13} />
              Does not tie
            </span>{' '}
            {formatCount(broken.length, 'sum')} of {formatMonth(month)} differ. Do not book it yet.
          </>
        )}
        {isOpen && (
          <span className="tag warn" style={{ marginLeft: 8 }}>
            month still open
          </span>
        )}{' '}
        {children}
      </p>
      {rows.length > 0 && (
        <details open={holds === false}>
          <summary className="muted">What ties to what</summary>
          <ReconciliationTable rows={rows} />
        </details>
      )}
    </section>
  );
}

/** Sums held against the stage before, difference by difference, all decimals shown. */
export function ReconciliationTable({ rows }: { rows: ReconciliationRow[] }): ReactElement {
  const exact = (value: string, currency: string): string => formatMoney(value, currency, { precision: 'full' });
  return (
    <Scroll label="Reconciliations">
      <table className="table">
        <caption className="visually-hidden">Reconciliations</caption>
        <thead>
          <tr>
            <th scope="col">What is checked</th>
            <th scope="col">Cost</th>
            <th scope="col" className="number">
              Expected
            </th>
            <th scope="col" className="number">
              Found
            </th>
            <th scope="col" className="number">
              Difference
            </th>
            <th scope="col">Holds</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={[row.x_Reconciliation, row.BillingPeriod, row.BillingCurrency, row.x_CostColumn].join(':')}>
              <th scope="row" title={row.x_Reconciliation}>
                {reconciliationTitle(row.x_Reconciliation)}
              </th>
              <td>{row.x_CostColumn}</td>
              <td className="number">{exact(row.x_Expected, row.BillingCurrency)}</td>
              <td className="number">{exact(row.x_Actual, row.BillingCurrency)}</td>
              <td className="number">{exact(row.x_Difference, row.BillingCurrency)}</td>
              <td>{row.x_Holds ? <span className="tag good">yes</span> : <span className="tag bad">no</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
