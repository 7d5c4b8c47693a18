import type { Effects } from '../core/effects.ts';
import { ingestTable } from './bigquery/ingest-table.ts';
import { ingestFiles } from './files/ingest-files.ts';
import type { SourceOutcome, SourceRun } from './source-run.ts';

/**
 * Brings one source's heads up to what lies at the source, be it files or a BigQuery table. Batches land one by one; the heads
 * move only when every changed partition is good, so no build ever sees half a source.
 */
export function ingestSource(run: SourceRun, effects: Effects): Promise<SourceOutcome> {
  return run.source.bigquery ? ingestTable(run, run.source.bigquery, effects) : ingestFiles(run, effects);
}
