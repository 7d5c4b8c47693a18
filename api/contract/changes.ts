import { z } from 'zod';
import { compared, comparedRanges } from './comparison.ts';
import { currencyCode, day, metric, money, month } from './primitives.ts';
import { dimension, groupKind, scope } from './scope.ts';

export const changesQuery = z
  .strictObject({
    month: month.optional(),
    from: day.optional(),
    to: day.optional(),
    by: dimension.default('service'),
    limit: z.coerce.number<number | string>().int().min(1).max(200).default(20),
    ...scope,
  })
  .refine((query) => (query.from === undefined) === (query.to === undefined), {
    path: ['to'],
    error: '"from" and "to" go together',
  })
  .refine((query) => !(query.month && query.from), {
    path: ['month'],
    error: 'name either a month or a range',
  })
  .refine((query) => !query.from || !query.to || query.from < query.to, {
    path: ['to'],
    error: '"to" must be after "from"',
  });

/** What changed against the equally long range before, largest absolute change first. Rows and `rest` tie to `total`. */
export const changesAnswer = z.object({
  BillingCurrency: currencyCode.nullable(),
  metric,
  by: dimension,
  ranges: comparedRanges.nullable(),
  total: compared.nullable(),
  rows: z.array(
    compared.extend({
      key: z.string(),
      name: z.string(),
      kind: groupKind,
      isNew: z.boolean(),
      isGone: z.boolean(),
    }),
  ),
  /** What is below `limit`, put together. */
  rest: z
    .object({
      count: z.number().int(),
      current: money,
      previous: money.nullable(),
      change: money.nullable(),
    })
    .nullable(),
});
export type ChangesAnswer = z.infer<typeof changesAnswer>;
