import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { selectRows, sqlName, sqlText } from '../../core/duckdb.ts';
import type { Effects } from '../../core/effects.ts';

/** Columns of `fct_cost_daily` that a question may group or filter by, besides day and currency. */
export type CostColumn = 'SquadId' | 'ComponentId' | 'ServiceName' | 'x_SkuGroup' | 'SubAccountId' | 'ChargeCategory';

/** Smallest first: the first that has every column a question needs is read. */
const ROLLUPS: { name: string; columns: CostColumn[] }[] = [
  { name: 'daily_by_category', columns: ['ChargeCategory'] },
  { name: 'daily_by_squad', columns: ['SquadId'] },
  { name: 'daily_by_service', columns: ['ServiceName'] },
  { name: 'daily_by_sku_group', columns: ['x_SkuGroup'] },
  { name: 'daily_by_project', columns: ['SubAccountId'] },
  { name: 'daily_by_component', columns: ['SquadId', 'ComponentId'] },
];

/** A rollup that is not this many times smaller than the mart is not kept: the mart's own order prunes better. */
const WORTH_FACTOR = 3;

export interface Rollups {
  /** Relation with the same sums as `fct_cost_daily` over these columns, the smallest that is ready. */
  relationFor: (columns: CostColumn[]) => string;
  /** Resolves when every rollup is ready, or could not be made (which is warned of). */
  made: Promise<void>;
  close: () => Promise<void>;
}

export const NO_ROLLUPS: Rollups = {
  relationFor: () => 'fct_cost_daily',
  made: Promise.resolve(),
  close: async () => {},
};

/**
 * Sums the daily costs of an attached generation by each dimension alone, into a file of the hub's own, in the background:
 * a question about the whole company then reads thousands of rows instead of all. Sums of sums are exact in DECIMAL, so a question
 * gets the same answer with and without.
 */
export function makeRollups(
  { instance, alias, folder }: { instance: DuckDBInstance; alias: string; folder: string },
  effects: Effects,
): Rollups {
  const path = join(folder, `${alias}-rollups.duckdb`);
  const database = sqlName(`${alias}r`);
  const ready: typeof ROLLUPS = [];
  let connection: DuckDBConnection | null = null;
  let isClosing = false;

  const make = async (): Promise<void> => {
    connection = await instance.connect();
    await connection.run(`attach ${sqlText(path)} as ${database}`);
    const source = `${sqlName(alias)}.fct_cost_daily`;
    const rows = await rowCount(connection, source);
    for (const rollup of ROLLUPS) {
      if (isClosing) return;
      const target = `${database}.${rollup.name}`;
      await connection.run(rollupSql(target, source, rollup.columns));
      if ((await rowCount(connection, target)) * WORTH_FACTOR <= rows) ready.push(rollup);
      else await connection.run(`drop table ${target}`);
    }
  };
  const made = make().catch((error: unknown) => {
    if (!isClosing) effects.warn(`questions about the whole company stay slower: ${String(error)}`);
  });

  return {
    relationFor: (columns) => {
      const rollup = ready.find((one) => columns.every((column) => one.columns.includes(column)));
      return rollup ? `${database}.${rollup.name}` : 'fct_cost_daily';
    },
    made,
    close: async () => {
      isClosing = true;
      ready.length = 0;
      const stopping = setInterval(() => connection?.interrupt(), 20);
      await made;
      clearInterval(stopping);
      await connection?.run(`detach database if exists ${database}`);
      connection?.closeSync();
      rmSync(path, { force: true });
      rmSync(`${path}.wal`, { force: true });
    },
  };
}

function rollupSql(target: string, source: string, columns: CostColumn[]): string {
  const by = ['ChargePeriodStart', 'BillingCurrency', ...columns].join(', ');
  const sums = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'].map(
    (column) => `sum(${column})::decimal(38, 9) as ${column}`,
  );
  return `create table ${target} as select ${by}, ${sums.join(', ')} from ${source} group by ${by} order by ChargePeriodStart`;
}

async function rowCount(connection: DuckDBConnection, relation: string): Promise<number> {
  const [row] = await selectRows<{ rows: string }>(connection, `select count(*) as rows from ${relation}`);
  return Number(row?.rows);
}
