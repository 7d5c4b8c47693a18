import { z } from 'zod';
import { paged, paging } from './paging.ts';
import { count, currencyCode, day, identifier, instant, money, month } from './primitives.ts';

/**
 * Where a project stands between billing account and charges, the most pressing first. `missing`: linked, and not one charge has
 * arrived. `unlinked`, `moved`: charged within the last 60 days, now linked to no configured account, or to another one.
 * `disabled`: linked, billing off. `quiet`: linked, not charged for 30 days. `new`: first charged within 30 days.
 * `former`: neither linked nor charged lately. `covered`: all is well.
 */
export const PROJECT_STATUSES = [
  'missing',
  'unlinked',
  'moved',
  'disabled',
  'new',
  'quiet',
  'former',
  'covered',
] as const;
export type ProjectStatus = (typeof PROJECT_STATUSES)[number];

/** Those that somebody should look at: what stands between these and the bill may cost money or hide it. */
export const PRESSING_STATUSES = ['missing', 'unlinked', 'moved', 'disabled', 'new'] as const;

export const projectsQuery = z.strictObject({
  account: identifier.optional().meta({ description: 'BillingAccountId' }),
  status: z
    .enum(PROJECT_STATUSES)
    .optional()
    .meta({ description: `x_ProjectStatus; left out: any of ${PRESSING_STATUSES.join(', ')}` }),
  ...paging,
});

/** Billing accounts as Cloud Billing describes them, and their projects held against the charges. */
export const projectsAnswer = z.object({
  /** Empty where `cloudBilling` is not configured, or has not answered yet. */
  accounts: z.array(
    z.object({
      BillingAccountId: z.string(),
      x_BillingAccountName: z.string(),
      x_IsOpen: z.boolean(),
      /** Null where Cloud Billing does not say it. */
      BillingCurrency: currencyCode.nullable(),
      /** Of the newest billing month, separated by commas; null where no charge has arrived. */
      x_ChargedCurrencies: z.string().nullable(),
      x_CurrencyMatches: z.boolean(),
      x_LinkedProjectCount: count,
      x_FirstChargeDay: day.nullable(),
      x_LastChargeDay: day.nullable(),
      x_FetchedAt: instant,
    }),
  ),
  /** Every status with at least one project, over all accounts or the one asked for. */
  statuses: z.array(z.object({ x_ProjectStatus: z.enum(PROJECT_STATUSES), projects: count })),
  projects: z.array(
    z.object({
      BillingAccountId: z.string(),
      SubAccountId: z.string(),
      SubAccountName: z.string().nullable(),
      x_ProjectStatus: z.enum(PROJECT_STATUSES),
      /** The configured account it is linked to now. */
      x_LinkedBillingAccountId: z.string().nullable(),
      /** The first and the last run that found it linked to this account. */
      x_FirstLinkedAt: instant.nullable(),
      x_LastLinkedAt: instant.nullable(),
      x_FirstChargeDay: day.nullable(),
      x_LastChargeDay: day.nullable(),
      /** The last billing month with a charge, and what the project cost in it. */
      x_LastBillingPeriod: month.nullable(),
      BillingCurrency: currencyCode.nullable(),
      BilledCost: money.nullable(),
      EffectiveCost: money.nullable(),
    }),
  ),
  ...paged,
});
export type ProjectsAnswer = z.infer<typeof projectsAnswer>;
