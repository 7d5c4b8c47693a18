import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from '../../core/duckdb.ts';
import { nano } from './fixed-point.ts';
import type { Target, Weight } from './network.ts';
import type { BaseRow, DriverRow, Pool } from './pool.ts';

type Text = Record<string, string | null>;

/** Every configured pool with the names it was given, in the order of the configuration. */
export async function readPools(connection: DuckDBConnection): Promise<Pool[]> {
  const rows = await selectRows<Text>(connection, 'SELECT * FROM inp_pools ORDER BY x_PoolEntry');
  const targets = await selectRows<Text>(connection, 'SELECT * FROM inp_pool_targets ORDER BY ALL');
  return rows.map((row) => {
    const own = targets.filter((target) => target['x_PoolEntry'] === row['x_PoolEntry']);
    const named = (role: string): string[] =>
      own.filter((target) => target['x_Role'] === role).map((target) => target['x_Target']!);
    return {
      entry: Number(row['x_PoolEntry']),
      id: row['x_PoolId']!,
      method: row['x_Method'] as Pool['method'],
      driver: row['x_DriverName']!,
      base: row['x_BaseColumn'] as Pool['base'],
      level: row['x_Level'] as Pool['level'],
      fallback: row['x_Fallback'] as Pool['fallback'],
      from: row['ValidFrom']!,
      to: row['ValidTo']!,
      shares: own.filter((target) => target['x_Role'] === 'share').map(shareOf),
      include: named('include'),
      exclude: named('exclude'),
    };
  });
}

function shareOf(row: Text): Weight {
  return { target: { kind: row['x_TargetKind'], id: row['x_Target'] } as Target, weight: nano(row['x_Weight']!) };
}

/** Pools that take all charges of a component or squad, with the days on which they do. */
export async function readCaptures(
  connection: DuckDBConnection,
): Promise<{ key: string; pool: string; from: string; to: string }[]> {
  return selectRows(
    connection,
    `SELECT t.x_TargetKind || ':' || t.x_Target AS "key", p.x_PoolId AS pool, p.ValidFrom AS "from", p.ValidTo AS "to"
     FROM inp_pool_targets AS t JOIN inp_pools AS p USING (x_PoolEntry) WHERE t.x_Role = 'captures' ORDER BY p.x_PoolEntry DESC`,
  );
}

/** The rows of every driver that a pool names, by name and sorted by period. */
export async function readDrivers(connection: DuckDBConnection): Promise<Map<string, DriverRow[]>> {
  const rows = await selectRows<Text>(
    connection,
    `SELECT x_MeasureName, x_PeriodStart, x_PeriodEnd, ComponentId, SquadId, x_Value FROM int_measure_values
     WHERE x_MeasureKind = 'driver' AND x_MeasureName IN (SELECT x_DriverName FROM inp_pools)
     ORDER BY x_MeasureName, x_PeriodStart, x_Consumer`,
  );
  const drivers = new Map<string, DriverRow[]>();
  for (const row of rows) {
    const driver = drivers.get(row['x_MeasureName']!) ?? [];
    drivers.set(row['x_MeasureName']!, driver);
    driver.push({
      periodStart: row['x_PeriodStart']!,
      periodEnd: row['x_PeriodEnd']!,
      componentId: row['ComponentId']!,
      squadId: row['SquadId']!,
      quantity: nano(row['x_Value']!),
    });
  }
  return drivers;
}

/** A billing month and currency in which something fell into a pool, with its usage days and everyone's direct cost. */
export interface PoolMonth {
  month: string;
  currency: string;
  firstDay: string;
  lastDay: string;
  bases: BaseRow[];
}

export async function readPoolMonths(connection: DuckDBConnection): Promise<PoolMonth[]> {
  const months = await selectRows<Text>(
    connection,
    `SELECT BillingPeriodStart, BillingCurrency, min(ChargePeriodStart) AS "first", max(ChargePeriodStart) AS "last"
     FROM int_pool_lines GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const bases = await selectRows<Text>(connection, 'SELECT * FROM int_pool_bases ORDER BY ALL');
  return months.map((row) => ({
    month: row['BillingPeriodStart']!,
    currency: row['BillingCurrency']!,
    firstDay: row['first']!,
    lastDay: row['last']!,
    bases: bases
      .filter(
        (base) =>
          base['BillingPeriodStart'] === row['BillingPeriodStart'] &&
          base['BillingCurrency'] === row['BillingCurrency'],
      )
      .map((base) => ({
        squadId: base['SquadId']!,
        componentId: base['ComponentId']!,
        costs: {
          BilledCost: nano(base['BilledCost']!),
          EffectiveCost: nano(base['EffectiveCost']!),
          ListCost: nano(base['ListCost']!),
        },
      })),
  }));
}
