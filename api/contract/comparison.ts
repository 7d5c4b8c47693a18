import { z } from 'zod';
import { day, money, month, ratio } from './primitives.ts';

/** A half-open range of usage days. */
const dayRange = z.object({ from: day, to: day });

/**
 * Two ranges held against each other. A running month is compared up to its last complete day with the same days of the month
 * before, so `current.to` may lie before the month's end.
 */
export const comparedRanges = z.object({
  current: dayRange,
  previous: dayRange,
  /** The current range was cut at the last complete day. */
  isPartial: z.boolean(),
  /** False where data begins inside or after the previous range: a change then says little. */
  isPreviousComplete: z.boolean(),
});

/** One thing's money in two compared ranges; `previous` is null where there is no data for that range at all. */
export const compared = z.object({
  current: money,
  previous: money.nullable(),
  change: money.nullable(),
  ratio: ratio.meta({ description: 'change / previous; null where previous is zero or unknown' }),
});

export const monthQuery = month.optional().meta({ description: 'Month, YYYY-MM; default: the newest with data' });
