import type { DuckDBConnection } from '@duckdb/node-api';
import type { ComputedRelation } from '../computed.ts';
import { insertRows } from '../inputs/load.ts';
import type { InputRow } from '../inputs/tables.ts';
import { runsByKey } from './epochs.ts';
import { mulDiv } from './fixed-point.ts';
import { normalised, type Network } from './network.ts';
import type { Captured, PoolWeights } from './pool.ts';
import { readCaptures, readDrivers, readPoolMonths, readPools, type PoolMonth } from './read-pools.ts';
import { weightsKey, weightsOn } from './weights.ts';

/** How every pool hands on what is in it: weights and ratios by target, as its method finds them. */
export const poolWeights: ComputedRelation = {
  name: 'int_pool_weights',
  grain:
    'what one target has of a pool over a run of usage days in a billing month, before pools among the targets are followed',
  key: [
    { name: 'BillingPeriodStart', nullable: false },
    { name: 'BillingCurrency', nullable: false },
    { name: 'x_PoolId', nullable: false },
    { name: 'ValidFrom', nullable: false },
    { name: 'x_TargetKind', nullable: false },
    { name: 'x_Target', nullable: true },
  ],
  columns: `BillingPeriodStart DATE, BillingCurrency VARCHAR, x_PoolId VARCHAR, ValidFrom DATE, ValidTo DATE, x_TargetKind VARCHAR,
    x_Target VARCHAR, x_Method VARCHAR, x_DriverName VARCHAR, x_DriverPeriodStart DATE, x_FallbackUsed VARCHAR,
    x_Weight DECIMAL(38,9), x_Ratio DECIMAL(38,9)`,
  dependsOn: ['inp_pools', 'inp_pool_targets', 'int_pool_lines', 'int_pool_bases', 'int_measure_values'],
  compute: async (connection) => {
    await connection.run(`CREATE TABLE int_pool_weights (${poolWeights.columns})`);
    await insertRows(connection, 'int_pool_weights', await weightRows(connection));
  },
};

async function weightRows(connection: DuckDBConnection): Promise<InputRow[]> {
  const pools = await readPools(connection);
  if (pools.length === 0) return [];
  const captures = await readCaptures(connection);
  const drivers = await readDrivers(connection);
  const months = await readPoolMonths(connection);
  return months.flatMap((month) => {
    const on = (day: string) => pools.filter(({ from, to }) => from <= day && day < to);
    const capturedOn = (day: string): Captured =>
      new Map(captures.filter(({ from, to }) => from <= day && day < to).map(({ key, pool }) => [key, pool]));
    const keyOn = (day: string): string =>
      JSON.stringify([on(day).map((pool) => weightsKey(pool, { day, drivers })), [...capturedOn(day)]]);
    return runsByKey(month.firstDay, month.lastDay, keyOn).flatMap((run) => {
      const facts = { day: run.from, bases: month.bases, drivers, captured: capturedOn(run.from) };
      return rowsOf(
        month,
        run,
        on(run.from).map((pool) => weightsOn(pool, facts)),
      );
    });
  });
}

function rowsOf(month: PoolMonth, run: { from: string; to: string }, pools: PoolWeights[]): InputRow[] {
  const network: Network = new Map(pools.map(({ pool, weights }) => [pool.id, weights]));
  const clean = normalised(network);
  return pools.flatMap(({ pool, driverPeriodStart, fallbackUsed }) => {
    const weights = clean.get(pool.id)!;
    const total = weights.reduce((sum, { weight }) => sum + weight, 0n);
    return weights.map(({ target, weight }) => ({
      BillingPeriodStart: month.month,
      BillingCurrency: month.currency,
      x_PoolId: pool.id,
      ValidFrom: run.from,
      ValidTo: run.to,
      x_TargetKind: target.kind,
      x_Target: target.kind === 'kept' ? null : target.id,
      x_Method: pool.method,
      x_DriverName: pool.driver,
      x_DriverPeriodStart: driverPeriodStart,
      x_FallbackUsed: fallbackUsed,
      x_Weight: nanoText(weight),
      x_Ratio: nanoText(mulDiv(weight, 10n ** 9n, total)),
    }));
  });
}

/** An integer in units of 10^-9 as decimal text. */
function nanoText(units: bigint): string {
  return `${units / 10n ** 9n}.${String(units % 10n ** 9n).padStart(9, '0')}`;
}
