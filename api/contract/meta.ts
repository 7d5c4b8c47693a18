import { z } from 'zod';
import { currencyCode, day, instant, money, month } from './primitives.ts';

export const metaQuery = z.strictObject({});

/** What is served: which generation, which months, days and currencies. Days are null while there are no charges. */
export const metaAnswer = z.object({
  company: z.string(),
  generation: z.number().int(),
  builtAt: instant,
  timezone: z.string(),
  /** The currency a question without `currency` is answered in; null while there are no charges. */
  defaultCurrency: currencyCode.nullable(),
  /** The one most charges are in first. */
  currencies: z.array(z.object({ BillingCurrency: currencyCode, EffectiveCost: money })),
  /** Newest first. A period is open until its last usage day is complete. */
  billingPeriods: z.array(z.object({ month, isOpen: z.boolean() })),
  firstDay: day.nullable(),
  lastDay: day.nullable(),
  /** Later days may still grow, since providers report usage with delay. */
  lastCompleteDay: day.nullable(),
  /** Newest month whose usage days are all complete. */
  lastFullMonth: month.nullable(),
  /** By what changes and savings are judged; other currencies than this one get no verdict. */
  decisions: z.object({
    BillingCurrency: currencyCode,
    engineerYearlyCost: z.number(),
    horizonMonths: z.number(),
    discountRate: z.number(),
    materialityEngineers: z.number(),
  }),
});
export type MetaAnswer = z.infer<typeof metaAnswer>;
