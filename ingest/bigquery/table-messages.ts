import type { Skipped, Effects } from '../../core/effects.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { SourceRun } from '../source-run.ts';
import { priceOf, sizeText } from './cost.ts';
import { tableId } from './live-table.ts';
import type { Looked } from './look.ts';
import type { QueryContext } from './query.ts';

/** What failed has no report to stand in; what it cost is said all the same, and kept in the run history. */
export function warnOfSpent({ source }: SourceRun, { meter, settings }: QueryContext, effects: Effects): void {
  if (meter.bytesBilled === 0n) return;
  const price = priceOf(meter.bytesBilled, settings.pricePerTiB);
  effects.warn(
    `source "${source.name}": ${sizeText(meter.bytesBilled)} ($${price}) were billed before it failed; what has landed is not pulled again`,
  );
}

/** Rows that are in no partition yet, as something left out. */
export function unplacedRows({ settings, unplaced, table }: Looked): Skipped[] {
  if (unplaced === 0) return [];
  return [
    {
      what: `${unplaced} rows of ${tableId(settings)}`,
      why: `their ${table.partition} is null, so they are in no partition yet (BigQuery's streaming buffer); a later run pulls them`,
    },
  ];
}

/** A warning: the Storage Read API is refused, and rows come more slowly. */
export function storageRefused({ run, settings }: Looked, reason: string): string {
  const project = settings.jobProject ?? settings.project;
  return `source "${run.source.name}": the Storage Read API is not permitted (${reason}); reading paged results, which is slower. Grant roles/bigquery.readSessionUser on project ${project}, or set \`storageRead: never\``;
}

/** SOURCE_EMPTY: the export has not begun to write. */
export function emptyTable({ source }: SourceRun, on: string, unplaced: number): WorthwhileError {
  return new WorthwhileError(
    'SOURCE_EMPTY',
    `source "${source.name}" has a table without ${unplaced > 0 ? 'partitions yet' : 'rows'}`,
    {
      on,
      fix: 'see under Billing export in the Google Cloud console that the export is on; its first rows may take a day, a backfill five',
    },
  );
}

/** CONFIG_INVALID: the kind comes in files only. */
export function notATable({ source, config }: SourceRun): WorthwhileError {
  return new WorthwhileError(
    'CONFIG_INVALID',
    `kind ${source.kind} of source "${source.name}" is not pulled from BigQuery`,
    {
      on: config.path,
      fix: 'name `files`, or one of the gcp kinds',
    },
  );
}
