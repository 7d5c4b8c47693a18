import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows, sqlName } from '../core/duckdb.ts';
import type { ModelRelation } from './graph.ts';
import { clustering } from './months/replace-months.ts';
import { GENERATION } from './publish.ts';

/**
 * Makes one relation: a view, a table of the work database, or for a mart a table of the generation; a partitioned mart of which
 * only some months are made (`isPartial`) stays in the work database until they go into the generation. Returns its rows, null for a view.
 */
export async function materialize(
  connection: DuckDBConnection,
  relation: ModelRelation,
  isPartial: boolean,
): Promise<number | null> {
  const name = sqlName(relation.name);
  if (!('sql' in relation)) {
    await relation.compute(connection);
    return null;
  }
  if (relation.materialized === 'view') {
    await connection.run(`CREATE VIEW ${name} AS ${relation.sql}`);
    return null;
  }
  if (relation.layer === 'marts' && !(isPartial && relation.partitionedBy)) {
    await connection.run(`CREATE OR REPLACE TABLE ${GENERATION}.${name} AS ${relation.sql}\n${clustering(relation)}`);
    await connection.run(`CREATE VIEW ${name} AS SELECT * FROM ${GENERATION}.${name}`);
  } else {
    await connection.run(`CREATE TABLE ${name} AS ${relation.sql}`);
  }
  const [row] = await selectRows<{ rows: string }>(connection, `SELECT count(*) AS "rows" FROM ${name}`);
  return Number(row!.rows);
}
