import type { ReactElement } from 'react';
import { CurrencyPicker } from './filters.tsx';
import { useMeta } from './meta.tsx';
import { MonthPicker } from './month-picker.tsx';
import { useSettings } from './settings.ts';

/** Currency and billing month, for the head of a page. */
export function BillingMonthControls({ month }: { month: string }): ReactElement {
  const { billingPeriods } = useMeta();
  const [, change] = useSettings();
  return (
    <>
      <CurrencyPicker />
      <MonthPicker
        label="Billing month"
        month={month}
        months={billingPeriods}
        onChange={(value) => change({ month: value })}
      />
    </>
  );
}
