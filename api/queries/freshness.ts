import { freshnessAnswer, type FreshnessAnswer } from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';

const ISO = "'%Y-%m-%dT%H:%M:%SZ'";

/** How new each source is, the oldest first, and how new the lists beside the charges. */
export async function freshness(reader: Reader): Promise<FreshnessAnswer> {
  const sources = await reader.select(
    freshnessAnswer.shape.sources.element,
    `select x_SourceName, x_SourceKind, x_BatchCount, x_RowCount, strftime(x_ExportTimeMax, ${ISO}) as x_ExportTimeMax,
            x_LastChargeDay, strftime(x_LastPulledAt, ${ISO}) as x_LastPulledAt, x_MissingPartitionCount
     from fct_freshness order by x_LastChargeDay nulls first, x_SourceName`,
  );
  const snapshots = await reader.select(
    freshnessAnswer.shape.snapshots.element,
    `select x_SourceName, x_SourceKind, x_BatchCount, x_RowCount, strftime(x_SnapshotTime, ${ISO}) as x_SnapshotTime,
            strftime(x_LastPulledAt, ${ISO}) as x_LastPulledAt, x_MissingPartitionCount
     from fct_snapshots order by x_SnapshotTime nulls first, x_SourceName`,
  );
  const priceLists = await reader.select(
    freshnessAnswer.shape.priceLists.element,
    `select x_PriceSource, BillingCurrency, count(*) as x_SkuCount, strftime(max(x_AsOf), ${ISO}) as x_AsOf
     from dim_sku group by x_PriceSource, BillingCurrency order by x_PriceSource, BillingCurrency`,
  );
  const { generation, builtAt, lastCompleteDay } = reader.facts;
  return { generation, builtAt, lastCompleteDay, sources, snapshots, priceLists };
}
