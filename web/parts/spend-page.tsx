import type { ReactElement, ReactNode } from 'react';
import { Breakdown } from './breakdown.tsx';
import { Changes } from './changes.tsx';
import { Explorer } from './explorer.tsx';
import { useExploring, type ExploredPage } from './exploring.ts';
import { CurrencyPicker, Filters } from './filters.tsx';
import { Headline } from './headline.tsx';
import { MonthGuard } from './month-guard.tsx';
import { MonthPicker } from './month-picker.tsx';
import { useMonth, useMonths } from './scope.ts';
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

interface SpendSectionsProps extends ExploredPage {
  withCoverage?: boolean;
  /** Stands beside the trend, under what changed. */
  beside?: ReactNode;
  /** Stands at the end of the page. */
  children?: ReactNode;
}

/** What every page about spend has, for a month that has data. */
export function SpendSections(props: SpendSectionsProps): ReactElement {
  const month = useMonth();
  const months = useMonths();
  return (
    <MonthGuard month={month} months={months}>
      <Sections {...props} />
    </MonthGuard>
  );
}

/** The month at a glance, the trend, what changed, and the breakdown. */
function Sections({ withCoverage = false, beside, children, ...explored }: SpendSectionsProps): ReactElement {
  const exploring = useExploring(explored);
  return (
    <div className="stack">
      <Filters />
      <Headline page={explored.page} changes={exploring.changes} withCoverage={withCoverage} />
      <div className="columns">
        <Explorer exploring={exploring} />
        <div className="stack">
          <Changes changes={exploring.changes} by={exploring.by} />
          {beside}
        </div>
      </div>
      <Breakdown page={explored.page} exploring={exploring} />
      {children}
    </div>
  );
}
