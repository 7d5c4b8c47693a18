import { rmSync } from 'node:fs';
import type { BigQueryQuery } from '../../core/config/schema.ts';
import { openDatabase, sqlText } from '../../core/duckdb.ts';
import type { Effects } from '../../core/effects.ts';
import { writeParquet } from '../files/write-parquet.ts';
import { columnsOf } from '../probe.ts';
import type { LandedColumn } from '../../core/source-schemas/fit.ts';
import { explainSystemError } from '../system-errors.ts';
import { openBigQuery, type BigQueryApi } from './client.ts';
import { assertAffordable, costText, priceOf } from './cost.ts';
import { explainFault } from './faults.ts';
import { dryRun, newMeter, runQuery, sceneOf, type QueryContext } from './query.ts';
import { retryPolicy } from './retry.ts';
import { bringRows } from './transfer.ts';

/** What a query gave: one Parquet file at the target, with the columns of its SELECT in BigQuery's own types. */
export interface QueriedRows {
  rows: number;
  columns: LandedColumn[];
  /** Bytes as decimal integers, the price of what was billed as an exact decimal in US dollars. */
  pulled: { bytesProcessed: string; bytesBilled: string; priceUsd: string };
}

/**
 * Runs a query of the configuration and writes its rows as one Parquet file at `target`, exactly: NUMERIC as DECIMAL(38,9),
 * INT64 as BIGINT, DATE as DATE, TIMESTAMP as TIMESTAMPTZ. A result without rows is a file without rows.
 * A dry run comes first; its bytes and price are shown, and `maximumBytesBilled` holds for it and for the job.
 * `label` names the query in messages and progress. Throws COST_GUARD, SOURCE_FORBIDDEN, SOURCE_NOT_FOUND, SOURCE_UNREACHABLE,
 * SECRET_MISSING, SOURCE_INCOMPLETE, VALUE_INVALID (a BIGNUMERIC of more than 18 decimal places) or CONFIG_INVALID.
 */
export async function queryRowsToParquet(
  query: BigQueryQuery,
  label: string,
  target: string,
  effects: Effects,
  open: (settings: BigQueryQuery) => Promise<BigQueryApi> = openBigQuery,
): Promise<QueriedRows> {
  const context: QueryContext = {
    api: await open(query),
    settings: query,
    location: query.location ?? null,
    retries: retryPolicy(effects.pause),
    meter: newMeter(),
  };
  const database = await openDatabase({ threads: 1 });
  try {
    const estimate = await dryRun(context, query.query);
    assertAffordable(estimate, query, label);
    const step = `query ${label}`;
    effects.progress({ step, fraction: null, detail: `reading ${costText(estimate, query.pricePerTiB)}` });
    const finished = await runQuery(context, query.query);
    const { connect, connection } = database;
    const transfer = { storage: null, used: null, refused: () => {} };
    const files = await bringRows(context, transfer, finished, {
      connect,
      target: `${target}.part`,
      arrived: () => {},
    });
    const paths = files.map(({ path }) => path);
    await writeParquet(connection, `SELECT * FROM read_parquet([${paths.map(sqlText).join(', ')}])`, target);
    for (const path of paths) rmSync(path, { force: true });
    const { bytesProcessed, bytesBilled } = context.meter;
    return {
      rows: finished.rows,
      columns: await columnsOf(connection, target),
      pulled: {
        bytesProcessed: bytesProcessed.toString(),
        bytesBilled: bytesBilled.toString(),
        priceUsd: priceOf(bytesBilled, query.pricePerTiB),
      },
    };
  } catch (error) {
    throw explainSystemError(error, target, () => explainFault(error, sceneOf(context, label)));
  } finally {
    database.close();
  }
}
