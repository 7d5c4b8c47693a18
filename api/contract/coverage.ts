import { z } from 'zod';
import { monthQuery } from './comparison.ts';
import { count, currencyCode, money, month, ratio } from './primitives.ts';
import { scope } from './scope.ts';

export const coverageQuery = z.strictObject({ month: monthQuery, currency: scope.currency });

/** A squad label that contradicts the catalog: the catalog's squad was charged. */
export const conflict = z.object({
  BillingPeriod: month,
  ComponentId: z.string().nullable(),
  SquadId: z.string(),
  x_LabelledSquadId: z.string(),
  BilledCost: money,
  EffectiveCost: money,
});

const part = z.object({
  BilledCost: money,
  EffectiveCost: money,
  /** Sum of absolute charges, so that credits do not hide what they offset; the base of `shareOfMoney`. */
  x_AbsoluteBilledCost: money,
  x_ChargeCount: count,
  /** 0 where nothing falls into this part; null only where the month has no money at all. */
  shareOfMoney: ratio,
  shareOfCharges: ratio,
});

/** How much of a billing month found its squad, and by which step of attribution; then month by month, oldest first. */
export const coverageAnswer = z.object({
  month: month.nullable(),
  BillingCurrency: currencyCode.nullable(),
  allocated: part,
  unallocated: part,
  /** Steps that decided something, most money first; `unallocated` is left out. */
  steps: z.array(part.extend({ x_AttributionStep: z.string() })),
  reasons: z.array(part.extend({ x_UnallocatedReason: z.string() })),
  trend: z.array(z.object({ month, allocatedShareOfMoney: ratio, allocatedShareOfCharges: ratio })),
  /** Most money first, at most 100. */
  conflicts: z.array(conflict),
});
export type CoverageAnswer = z.infer<typeof coverageAnswer>;
