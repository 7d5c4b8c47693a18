import { z } from 'zod';
import { monthQuery } from './comparison.ts';
import { paged, paging } from './paging.ts';
import { costs, count, currencyCode, identifier, instant, money, month } from './primitives.ts';
import { reconciliationRow } from './reconciliation.ts';
import { scope } from './scope.ts';

export const CHARGE_KINDS = ['Direct', 'SharedIn', 'SharedOut', 'Tax', 'Adjustment', 'TrueUp', 'Unallocated'] as const;
export const chargeKind = z.enum(CHARGE_KINDS);

/** One row of the chargeback, in the export's columns and order; text is empty where there is no such thing. */
export const chargebackRow = z.object({
  BillingPeriod: month,
  SquadId: z.string(),
  SquadName: z.string(),
  CostCentre: z.string(),
  ComponentId: z.string(),
  ServiceName: z.string(),
  ChargeKind: chargeKind,
  BillingCurrency: currencyCode,
  ...costs.shape,
});
export type ChargebackRow = z.infer<typeof chargebackRow>;

export const chargebackQuery = z.strictObject({
  month: monthQuery,
  currency: scope.currency,
  squad: scope.squad,
  tribe: scope.tribe,
  component: scope.component,
  service: scope.service,
  kind: chargeKind.optional(),
  sort: z.enum(['squad', 'cost']).default('squad').meta({
    description: 'By squad, component, service, kind; or by absolute BilledCost, largest first',
  }),
  ...paging,
});

/** Whether a billing month is closed, since when, by whom and under which seal (SHA-256, hex); null while it is open. */
const closed = {
  x_IsClosed: z.boolean(),
  closedAt: instant.nullable(),
  closedBy: z.string().nullable(),
  seal: z.string().nullable(),
};

/** True-ups in a month, by the closed month they are of and why it differs: `changed` names what was restated. */
export const trueUpSum = costs.extend({
  month,
  cause: z.enum(['late rows', 'restated', 'late rows and restated']),
  changed: z.string().nullable(),
});

/** A billing month's chargeback. Totals are over every row that matches, on all pages; reconciliation is the whole month's. */
export const chargebackAnswer = z.object({
  month: month.nullable(),
  BillingCurrency: currencyCode.nullable(),
  ...closed,
  rows: z.array(chargebackRow),
  ...paged,
  total: costs,
  kinds: z.array(costs.extend({ ChargeKind: chargeKind })),
  /** What the rows of kind TrueUp are made of, in the same scope. */
  trueUps: z.array(trueUpSum),
  /** True where every reconciliation of the month holds; null where there is none. */
  holds: z.boolean().nullable(),
  reconciliation: z.array(reconciliationRow),
});
export type ChargebackAnswer = z.infer<typeof chargebackAnswer>;

export const chargebackMonthsQuery = z.strictObject({});

/** Billing months with charges, newest first, one row a currency. */
export const chargebackMonthsAnswer = z.object({
  months: z.array(
    z.object({
      month,
      /** Its days still grow. What finance closed has `x_IsClosed`. */
      isOpen: z.boolean(),
      ...closed,
      BillingCurrency: currencyCode,
      BilledCost: money,
      EffectiveCost: money,
      unallocatedBilledCost: money,
      squadCount: count,
      x_ChargeCount: count,
      holds: z.boolean().nullable(),
    }),
  ),
});
export type ChargebackMonthsAnswer = z.infer<typeof chargebackMonthsAnswer>;

export const EXPORT_FORMATS = ['csv', 'json', 'parquet', 'xlsx'] as const;
export const exportFormat = z.enum(EXPORT_FORMATS);
export type ExportFormat = z.infer<typeof exportFormat>;

/** Without `currency` every currency is in the file; rows carry theirs. */
export const chargebackExportQuery = z.strictObject({
  month,
  format: exportFormat.default('csv'),
  squad: identifier.optional(),
  currency: currencyCode.optional(),
});
/** The `format=json` file. */
export const chargebackExportJson = z.array(chargebackRow);
