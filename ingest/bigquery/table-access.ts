import type { BigQueryTable, SourceConfig } from '../../core/config/schema.ts';
import { WorthwhileError } from '../../core/errors.ts';
import { openBigQuery } from './client.ts';
import { explainFault } from './faults.ts';
import { isoOfMicros } from './json-values.ts';
import { tableId } from './live-table.ts';
import { lookAtTable } from './look.ts';
import { newMeter, sceneOf, type QueryContext } from './query.ts';
import { patient } from './retry.ts';
import { tableKind } from './tables.ts';

/** What can be said of a table that may be read. */
export interface TableAccess {
  table: string;
  rows: number;
  partitions: number;
  /** The newest export time, ISO text; null where the table has no rows. */
  newest: string | null;
}

/** A person waits for the answer, so a failure is told after a second try. */
const TRIES = 2;

/**
 * Whether a source's table can be read and is one of its kind; reads no row, and costs one probe (two columns of times).
 * Throws the same errors as a pull.
 */
export async function checkTable(
  { kind, name }: SourceConfig,
  settings: BigQueryTable,
  open: typeof openBigQuery = openBigQuery,
): Promise<TableAccess> {
  const table = tableKind(kind);
  if (!table) {
    throw new WorthwhileError('CONFIG_INVALID', `kind ${kind} of source "${name}" is not pulled from BigQuery`, {
      on: name,
      fix: 'name `files`, or one of the gcp kinds',
    });
  }
  const context: QueryContext = {
    api: await open(settings),
    settings,
    location: settings.location ?? null,
    retries: { ...patient, attempts: TRIES },
    meter: newMeter(),
  };
  try {
    const { partitions } = await lookAtTable(context, kind, table, settings);
    const times = partitions.flatMap(({ newest }) => (newest === null ? [] : [newest]));
    const newest = times.reduce<bigint | null>(
      (latest, time) => (latest === null || time > latest ? time : latest),
      null,
    );
    return {
      table: tableId(settings),
      rows: partitions.reduce((sum, { rows }) => sum + rows, 0),
      partitions: partitions.length,
      newest: newest === null ? null : isoOfMicros(newest),
    };
  } catch (error) {
    throw explainFault(error, sceneOf(context, tableId(settings)));
  }
}
