import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openDatabase, selectRows, sqlName } from '../../core/duckdb.ts';
import { orderRelations, readModel, readsOf, type ModelRelation } from '../../model/graph.ts';
import { prepareModelSession } from '../../model/engine/duckdb.ts';
import { builtInTables } from '../../model/built-in-tables.ts';
import { COMPUTED_RELATIONS } from '../../model/computed-relations.ts';

export type GivenRow = Record<string, unknown>;

export const modelFolder = join(import.meta.dirname, '..', '..', 'model');

/**
 * Runs one relation's own SQL over the given rows of what it reads and returns its rows: decimals and big integers as
 * strings, dates as ISO text. Given rows name only the columns that matter (the rest are null); relations that are not
 * given are empty. Columns have the types that the input tables declare and the upstream SQL yields.
 */
export async function given(
  relation: string,
  rows: Record<string, GivenRow[]>,
  options: { timezone?: string } = {},
): Promise<Record<string, string | number | boolean | null>[]> {
  const { relations } = readModel(modelFolder);
  const database = await openDatabase({ threads: 1 });
  try {
    const { connection } = database;
    await prepareModelSession(connection, options.timezone ?? 'America/Los_Angeles');
    for (const [name, columns] of Object.entries(builtInTables)) {
      await connection.run(`CREATE TABLE ${sqlName(name)} (${columns})`);
    }
    const inputs = new Set(Object.keys(builtInTables));
    const ordered = await orderRelations(connection, [...relations, ...COMPUTED_RELATIONS], inputs);
    const target = ordered.find(({ name }) => name === relation);
    if (!target) throw new Error(`there is no relation ${relation}`);
    for (const upstream of await ancestors(connection, ordered, target)) {
      if ('sql' in upstream)
        await connection.run(`CREATE TABLE ${sqlName(upstream.name)} AS SELECT * FROM (${upstream.sql}\n) LIMIT 0`);
      else await connection.run(`CREATE TABLE ${sqlName(upstream.name)} (${upstream.columns})`);
    }
    const { references } = await readsOf(connection, target);
    for (const [name, given] of Object.entries(rows)) {
      if (!references.includes(name))
        throw new Error(`${relation} does not read ${name}; it reads ${references.join(', ')}`);
      await insertRows(connection, name, given);
    }
    if ('sql' in target) return await selectRows(connection, target.sql);
    await target.compute(connection);
    return await selectRows(connection, `SELECT * FROM ${sqlName(target.name)}`);
  } finally {
    database.close();
  }
}

async function ancestors(
  connection: DuckDBConnection,
  ordered: ModelRelation[],
  target: ModelRelation,
): Promise<ModelRelation[]> {
  const needed = new Set([target.name]);
  for (const relation of ordered.toReversed()) {
    if (!needed.has(relation.name)) continue;
    for (const name of (await readsOf(connection, relation)).references) needed.add(name);
  }
  return ordered.filter(({ name }) => needed.has(name) && name !== target.name);
}

/** Puts rows into an existing table; a column that the table does not have fails. */
export async function insertRows(connection: DuckDBConnection, table: string, rows: GivenRow[]): Promise<void> {
  const described = await selectRows<{ column_name: string; column_type: string }>(
    connection,
    `DESCRIBE ${sqlName(table)}`,
  );
  const types = Object.fromEntries(described.map((column) => [column.column_name, column.column_type]));
  for (const column of new Set(rows.flatMap((row) => Object.keys(row)))) {
    if (!(column in types))
      throw new Error(`${table} has no column ${column}; it has ${Object.keys(types).join(', ')}`);
  }
  await connection.run(
    `INSERT INTO ${sqlName(table)} BY NAME SELECT unnest(item) FROM (SELECT unnest(from_json($1::VARCHAR, $2::VARCHAR)) AS item)`,
    [JSON.stringify(rows), JSON.stringify([types])],
  );
}
