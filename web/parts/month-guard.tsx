import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { formatMonth } from '../format.ts';

interface MonthGuardProps {
  month: string | null | undefined;
  /** Months that have data, newest first. */
  months: readonly { month: string }[];
  children: ReactNode;
}

/** Shows a page only for a month that has data: figures of another one would be zeros that nobody measured. */
export function MonthGuard({ month, months, children }: MonthGuardProps): ReactElement {
  const newest = months[0]?.month;
  if (!month || !newest || months.some((one) => one.month === month)) return <>{children}</>;
  return (
    <div className="card state page-state" role="alert">
      <h2>There is no data for {formatMonth(month)}</h2>
      <p>
        The newest month is{' '}
        <Link to="." search={(current) => ({ ...current, month: newest })}>
          {formatMonth(newest)}
        </Link>
        .
      </p>
    </div>
  );
}
