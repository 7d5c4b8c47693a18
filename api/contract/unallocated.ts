import { z } from 'zod';
import { monthQuery } from './comparison.ts';
import { paged, paging } from './paging.ts';
import { count, currencyCode, identifier, money, month, ratio } from './primitives.ts';
import { scope } from './scope.ts';

export const unallocatedQuery = z.strictObject({
  month: monthQuery,
  currency: scope.currency,
  reason: identifier.optional().meta({ description: 'x_UnallocatedReason' }),
  project: scope.project,
  service: scope.service,
  ...paging,
});

/** What to label or map first, by money. */
export const unallocatedAnswer = z.object({
  month: month.nullable(),
  BillingCurrency: currencyCode.nullable(),
  rows: z.array(
    z.object({
      x_UnallocatedReason: z.string(),
      x_LabelKey: z.string().nullable(),
      x_LabelValue: z.string().nullable(),
      SubAccountId: z.string().nullable(),
      SubAccountName: z.string().nullable(),
      ServiceName: z.string(),
      x_SuggestedComponentId: z.string().nullable(),
      x_SuggestedSquadId: z.string().nullable(),
      BilledCost: money,
      EffectiveCost: money,
      x_AbsoluteBilledCost: money,
      x_ResourceCount: count,
      x_ChargeCount: count,
      /** Share of the unallocated money that this row and all before it make up. */
      cumulativeShare: ratio,
    }),
  ),
  ...paged,
  total: z.object({
    BilledCost: money,
    EffectiveCost: money,
    x_AbsoluteBilledCost: money,
    x_ChargeCount: count,
  }),
  reasons: z.array(
    z.object({
      x_UnallocatedReason: z.string(),
      BilledCost: money,
      EffectiveCost: money,
      x_AbsoluteBilledCost: money,
      x_ChargeCount: count,
      share: ratio,
    }),
  ),
});
export type UnallocatedAnswer = z.infer<typeof unallocatedAnswer>;
