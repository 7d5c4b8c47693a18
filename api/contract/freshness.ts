import { z } from 'zod';
import { count, currencyCode, day, instant } from './primitives.ts';

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
  /** Sources that are lists and no charges: prices, recommendations. Each list replaces the one before. */
  snapshots: z.array(
    z.object({
      x_SourceName: z.string(),
      x_SourceKind: z.string(),
      x_BatchCount: count,
      /** Rows of the newest list. */
      x_RowCount: count,
      /** The time as of which the newest list is drawn up. */
      x_SnapshotTime: instant.nullable(),
      x_LastPulledAt: instant.nullable(),
      x_MissingPartitionCount: count,
    }),
  ),
  /** List prices by where they come from: `pricing-export` or `sku-catalog`, Google's public price list. */
  priceLists: z.array(
    z.object({
      x_PriceSource: z.string(),
      BillingCurrency: currencyCode,
      x_SkuCount: count,
      x_AsOf: instant.nullable(),
    }),
  ),
});
export type FreshnessAnswer = z.infer<typeof freshnessAnswer>;
