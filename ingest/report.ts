import type { Skipped } from '../core/effects.ts';

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
}

export interface IngestReport {
  sources: SourceReport[];
  catalog: { status: 'loaded' | 'unchanged' | 'none'; components: number; squads: number };
  warnings: string[];
  skipped: Skipped[];
}
