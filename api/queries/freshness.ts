import { freshnessAnswer, type FreshnessAnswer } from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';

const ISO = "'%Y-%m-%dT%H:%M:%SZ'";

/** How new each source is, the oldest first. */
export async function freshness(reader: Reader): Promise<FreshnessAnswer> {
  const sources = await reader.select(
    freshnessAnswer.shape.sources.element,
    `select x_SourceName, x_SourceKind, x_BatchCount, x_RowCount, strftime(x_ExportTimeMax, ${ISO}) as x_ExportTimeMax,
            x_LastChargeDay, strftime(x_LastPulledAt, ${ISO}) as x_LastPulledAt, x_MissingPartitionCount
     from fct_freshness order by x_LastChargeDay nulls first, x_SourceName`,
  );
  const { generation, builtAt, lastCompleteDay } = reader.facts;
  return { generation, builtAt, lastCompleteDay, sources };
}
