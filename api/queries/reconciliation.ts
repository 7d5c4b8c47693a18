import type { z } from 'zod';
import {
  reconciliationRow,
  type ReconciliationAnswer,
  type ReconciliationRow,
  type reconciliationQuery,
} from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { billingMonthOf, currencyOf } from './filters.ts';

/** Every sum that was held against the stage before it, what does not hold first. */
export async function reconciliation(
  reader: Reader,
  query: z.output<typeof reconciliationQuery>,
): Promise<ReconciliationAnswer> {
  const month = query.month && billingMonthOf(reader.facts, query.month);
  const currency = query.currency && currencyOf(reader.facts, query.currency);
  const rows = await reconciliationRows(reader, { ...(month && { month }), ...(currency && { currency }) });
  return { holds: rows.every((row) => row.x_Holds), rows };
}

/** Reconciliations of one month or all; those without a month (a source's count, say) come with no month asked for. */
export function reconciliationRows(
  reader: Reader,
  { month, currency }: { month?: string; currency?: string },
): Promise<ReconciliationRow[]> {
  return reader.select(
    reconciliationRow,
    `select x_Reconciliation, strftime(BillingPeriodStart, '%Y-%m') as BillingPeriod, BillingCurrency, x_CostColumn,
            x_Expected::decimal(38, 9) as x_Expected, x_Actual::decimal(38, 9) as x_Actual,
            x_Difference::decimal(38, 9) as x_Difference, x_Holds
     from fct_reconciliation
     where ${month ? 'BillingPeriodStart = $monthStart::date' : 'true'} and ${currency ? 'BillingCurrency = $currency' : 'true'}
     order by x_Holds, BillingPeriodStart desc nulls last, BillingCurrency, x_Reconciliation, x_CostColumn`,
    { ...(month && { monthStart: `${month}-01` }), ...(currency && { currency }) },
  );
}
