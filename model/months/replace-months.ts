import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName, sqlText } from '../../core/duckdb.ts';
import { GENERATION } from '../publish.ts';
import type { Relation } from '../relation.ts';

/**
 * Puts the months that this build made into the generation, which began as a copy of the one before: every other month stays as
 * it is there. From then on a mart's name stands for all its rows.
 */
export async function replaceMonths(connection: DuckDBConnection, marts: Relation[], months: string[]): Promise<void> {
  for (const mart of marts) {
    const name = sqlName(mart.name);
    const published = `${GENERATION}.${name}`;
    await connection.run(`DELETE FROM ${published} WHERE ${sqlName(mart.partitionedBy!)} IN (${datesOf(months)})`);
    await connection.run(`INSERT INTO ${published} BY NAME SELECT * FROM ${name} ${clustering(mart)}`);
    await connection.run(`DROP TABLE ${name}`);
    await connection.run(`CREATE VIEW ${name} AS SELECT * FROM ${published}`);
  }
}

/** Days for an `IN`; where there are none, one that no bill has. */
export function datesOf(days: string[]): string {
  return days.length > 0 ? days.map((day) => `DATE ${sqlText(day)}`).join(', ') : "DATE '0001-01-01'";
}

/** The order in which a mart's rows are written. */
export function clustering({ clusteredBy }: Relation): string {
  return clusteredBy.length > 0 ? `ORDER BY ${clusteredBy.map(sqlName).join(', ')}` : '';
}
