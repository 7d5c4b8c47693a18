import { z } from 'zod';
import { currencyCode, money, month } from './primitives.ts';

/** One sum held against the stage before it. `x_Difference` is zero where it holds. */
export const reconciliationRow = z.object({
  x_Reconciliation: z.string(),
  BillingPeriod: month.nullable(),
  BillingCurrency: currencyCode,
  x_CostColumn: z.string(),
  x_Expected: money,
  x_Actual: money,
  x_Difference: money,
  x_Holds: z.boolean(),
});
export type ReconciliationRow = z.infer<typeof reconciliationRow>;

export const reconciliationQuery = z.strictObject({
  month: month.optional(),
  currency: currencyCode.optional(),
});
export const reconciliationAnswer = z.object({
  holds: z.boolean(),
  rows: z.array(reconciliationRow),
});
export type ReconciliationAnswer = z.infer<typeof reconciliationAnswer>;
