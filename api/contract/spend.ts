import { z } from 'zod';
import { compared, comparedRanges } from './comparison.ts';
import { currencyCode, day, metric, money } from './primitives.ts';
import { DIMENSIONS, groupKind, scope } from './scope.ts';

export const GRANULARITIES = ['day', 'week', 'month'] as const;

export const spendQuery = z
  .strictObject({
    from: day.meta({ description: 'First usage day', example: '2026-07-01' }),
    to: day.meta({ description: 'Day after the last usage day', example: '2026-10-01' }),
    granularity: z.enum(GRANULARITIES).default('day'),
    by: z.enum(['none', ...DIMENSIONS]).default('none'),
    top: z.coerce
      .number<number | string>()
      .int()
      .min(1)
      .max(50)
      .default(8)
      .meta({ description: 'Series of kind "value" before the rest is put together as "other"' }),
    ...scope,
  })
  .refine((query) => query.from < query.to, {
    path: ['to'],
    error: '"to" must be after "from"; it is the first day left out',
  });
export type SpendQuery = z.input<typeof spendQuery>;

/** `period` names the period's first day (`YYYY-MM-DD`; Monday for weeks) or its month (`YYYY-MM`). */
const period = z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/);

/** Zero where there was data and no charge; null where there is no data for the period. */
const point = z.object({ period, value: money.nullable() });

export const spendAnswer = z.object({
  BillingCurrency: currencyCode.nullable(),
  metric,
  from: day,
  to: day,
  /** Every period of the range in order, cut to the range. */
  periods: z.array(
    z.object({
      period,
      from: day,
      to: day,
      /** The range or the data covers only a part of the calendar week or month. */
      isPartial: z.boolean(),
      /** Some of its days are after the last complete day and may still grow. */
      isProvisional: z.boolean(),
    }),
  ),
  /** Largest first, then `none`, `unallocated`, `other`; one point for each of `periods`. Series and `totals` tie exactly. */
  series: z.array(
    z.object({
      /** The dimension's id; `~none`, `~other` and `unallocated` for those kinds, `total` with by=none. */
      key: z.string(),
      name: z.string(),
      kind: groupKind,
      total: money,
      points: z.array(point),
    }),
  ),
  /** How many values `other` puts together. */
  otherCount: z.number().int(),
  total: money,
  totals: z.array(point),
  /** The range against the equally long one before; null while there are no charges. */
  comparison: compared.extend({ ranges: comparedRanges }).nullable(),
  /** First day that may still grow; null where the whole range is complete. */
  provisionalFrom: day.nullable(),
});
export type SpendAnswer = z.infer<typeof spendAnswer>;
