import type { Skipped } from '../core/effects.ts';
import type { CatalogOutcome } from './catalog/outcome.ts';
import type { CloudBillingOutcome } from './cloud-billing/outcome.ts';
import type { MeasureReport } from './measures/load-measures.ts';

/** What one run did to one source. */
export interface SourceReport {
  name: string;
  kind: string;
  landed: { partition: string; batchId: string; rows: number }[];
  /** How many partitions are as they were. */
  unchanged: number;
  /** Partitions among the landed whose earlier batch is replaced. */
  replaced: string[];
  /** Partitions that are no longer at the source; their rows are kept. */
  missing: string[];
  /** Rows of all batches the source now stands on. */
  rows: number;
  /** What reading it from BigQuery took; bytes as decimal integers, the price an exact decimal in US dollars. */
  pulled?: {
    queries: number;
    bytesProcessed: string;
    bytesBilled: string;
    priceUsd: string;
    transfer: 'storage-read' | 'paged' | null;
    /** What a dry run said would be billed at least; absent where nothing had to be pulled. */
    estimate?: { bytes: string; priceUsd: string };
  };
}

export interface IngestReport {
  sources: SourceReport[];
  /** Drivers and metrics, in the order of the configuration. */
  measures: MeasureReport[];
  catalog: Omit<CatalogOutcome, 'skipped'>;
  /** Where `cloudBilling` is configured. */
  cloudBilling?: Omit<CloudBillingOutcome, 'skipped'>;
  warnings: string[];
  skipped: Skipped[];
}
