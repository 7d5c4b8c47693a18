import type { SourceKind } from '../../core/lake.ts';

/** How rows of one kind of table fall into partitions, and what tells that a partition has changed. */
export interface TableKind {
  /** What a partition is a value of: a column, or the pseudo-column of tables partitioned by the day of ingestion. */
  partition: string;
  /** A table of this kind is partitioned by the day of ingestion; any other table is refused. */
  ingestionDays: boolean;
  /** The time that grows with each export; its maximum and the row count are a partition's change token. */
  exportTime: string;
  /** Of a list that is written whole again and again: only the newest counts, one for each value of `per` where there is one. */
  snapshot?: { per: string | null };
}

/** The pseudo-column of tables partitioned by ingestion; quoted in SQL, because servers differ in what the bare word means. */
export const INGESTION_TIME = '_PARTITIONTIME';

/** A column as GoogleSQL names it. */
export const columnSql = (name: string): string => `\`${name.replaceAll('`', '')}\``;

const usage: TableKind = { partition: INGESTION_TIME, ingestionDays: true, exportTime: 'export_time' };

const kinds: Partial<Record<SourceKind, TableKind>> = {
  'gcp-billing-detailed': usage,
  'gcp-billing-standard': usage,
  // Google's own table behind the linked dataset; how it is partitioned is not documented.
  'gcp-focus': { partition: 'BillingPeriodStart', ingestionDays: false, exportTime: 'x_ExportTime' },
  'gcp-pricing': {
    partition: 'pricing_as_of_time',
    ingestionDays: true,
    exportTime: 'export_time',
    snapshot: { per: 'billing_account_id' },
  },
  'gcp-recommendations': {
    partition: INGESTION_TIME,
    ingestionDays: true,
    exportTime: 'last_refresh_time',
    snapshot: { per: null },
  },
};

/** Null for kinds that are not pulled from BigQuery. */
export function tableKind(kind: SourceKind): TableKind | null {
  return kinds[kind] ?? null;
}
