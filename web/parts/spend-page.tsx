import type { ReactElement, ReactNode } from 'react';
import type { Dimension } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import type { RangeName } from '../periods.ts';
import { Changes } from './changes.tsx';
import { Explorer } from './explorer.tsx';
import { CurrencyPicker, Filters } from './filters.tsx';
import { Headline } from './headline.tsx';
import { MonthPicker } from './month-picker.tsx';
import { useMonth, useMonths, useScope, type PageScope } from './scope.ts';
import { useSettings } from './settings.ts';

/** Month and currency, for the head of a page about spend. */
export function SpendControls(): ReactElement | null {
  const month = useMonth();
  const months = useMonths();
  const [, change] = useSettings();
  if (month === null) return null;
  return (
    <>
      <CurrencyPicker />
      <MonthPicker label="Month" month={month} months={months} onChange={(value) => change({ month: value })} />
    </>
  );
}

interface SpendSectionsProps {
  page: PageScope;
  /** What it can be broken down by; the first is the start. */
  dimensions: readonly Dimension[];
  range?: RangeName;
  withCoverage?: boolean;
  /** Stands beside the list of what changed. */
  beside?: ReactNode;
  /** Stands between the month's figures and the trend. */
  children?: ReactNode;
}

/** What every page about spend has: the month at a glance, what changed, the trend and its breakdown. */
export function SpendSections({
  page,
  dimensions,
  range,
  withCoverage = false,
  beside,
  children,
}: SpendSectionsProps): ReactElement {
  const scope = useScope(page);
  const month = useMonth();
  const [search] = useSettings();
  const free = dimensions.filter((dimension) => scope[dimension] === undefined);
  const by = search.by && free.includes(search.by) ? search.by : (free[0] ?? 'service');
  const changes = useAnswer('changes', { query: { ...scope, by, limit: 100, ...(month ? { month } : {}) } });
  return (
    <div className="stack">
      <Filters />
      <Headline page={page} changes={changes} withCoverage={withCoverage} />
      <div className="columns">
        <div className="stack">
          <Explorer page={page} dimensions={dimensions} {...(range ? { range } : {})} />
        </div>
        <div className="stack">
          <Changes changes={changes} by={by} />
          {beside}
        </div>
      </div>
      {children}
    </div>
  );
}
