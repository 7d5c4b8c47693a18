import { z } from 'zod';
import { count, day, instant } from './primitives.ts';

/** The most gaps that one answer lists; the counts of each measure say how many there are. */
export const MOST_GAPS = 200;

export const measuresQuery = z.strictObject({});

/** A driver (who used how much of something shared) or a metric (what the business counts, a day), and what it covers. */
const measure = z.object({
  x_MeasureKind: z.enum(['driver', 'metric']),
  x_MeasureName: z.string(),
  x_Title: z.string(),
  x_Format: z.enum(['number', 'currency']),
  x_PeriodUnit: z.enum(['day', 'month']),
  /** First days of the first and of the last period; null only where it has no rows. */
  x_FirstPeriod: day.nullable(),
  x_LastPeriod: day.nullable(),
  x_RowCount: count,
  x_ConsumerCount: count,
  /** Runs of periods without a row, between two that have some. */
  x_MissingPeriodCount: count,
  /** Consumers that the catalog does not know, or whose name means several. */
  x_UnknownConsumerCount: count,
  x_PulledAt: instant,
});

const gap = z.object({
  x_MeasureKind: z.enum(['driver', 'metric']),
  x_MeasureName: z.string(),
  x_GapKind: z.enum(['missing-periods', 'unknown-consumer', 'ambiguous-consumer']),
  /** Half-open: what is missing, or the time over which the consumer is named. */
  x_GapStart: day,
  x_GapEnd: day,
  x_Consumer: z.string().nullable(),
});

/** Drivers and metrics that have been taken in, by kind and name, and what they lack. */
export const measuresAnswer = z.object({ measures: z.array(measure), gaps: z.array(gap).max(MOST_GAPS) });
export type MeasuresAnswer = z.infer<typeof measuresAnswer>;
