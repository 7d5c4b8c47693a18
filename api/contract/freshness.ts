import { z } from 'zod';
import { count, day, instant } from './primitives.ts';

export const freshnessQuery = z.strictObject({});

/** How new each source's data is. */
export const freshnessAnswer = z.object({
  generation: z.number().int(),
  builtAt: instant,
  lastCompleteDay: day.nullable(),
  sources: z.array(
    z.object({
      x_SourceName: z.string(),
      x_SourceKind: z.string(),
      x_BatchCount: count,
      x_RowCount: count,
      x_ExportTimeMax: instant.nullable(),
      x_LastChargeDay: day.nullable(),
      x_LastPulledAt: instant.nullable(),
      /** Partitions no longer found at the source; their rows are kept. */
      x_MissingPartitionCount: count,
    }),
  ),
});
export type FreshnessAnswer = z.infer<typeof freshnessAnswer>;
