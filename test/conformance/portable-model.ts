import type { DuckDBConnection } from '@duckdb/node-api';
import { openDatabase, selectRows, sqlName } from '../../core/duckdb.ts';
import { builtInTables } from '../../model/built-in-tables.ts';
import { COMPUTED_RELATIONS } from '../../model/computed-relations.ts';
import { prepareModelSession } from '../../model/engine/duckdb.ts';
import { orderRelations, readModel, readsOf, type ModelRelation } from '../../model/graph.ts';
import type { Relation } from '../../model/relation.ts';
import { insertRows, modelFolder, type GivenRow } from '../model/given.ts';
import type { GoogleSql, GoogleTable } from '../googlesql/evaluator.ts';
import { googleType } from '../googlesql/types.ts';
import { canonicalValue } from '../googlesql/values.ts';

/** Rows for the tables that stand below the portable files: every `inp_` and `stg_` relation; one not named is empty. */
export type Ground = Record<string, GivenRow[]>;

/** Whether a relation is a file that has to run unchanged on both engines. */
function isPortable(relation: ModelRelation): relation is Relation {
  return 'sql' in relation && relation.layer !== 'staging';
}

/** The names of the portable files. */
export const portableNames = readModel(modelFolder)
  .relations.filter(isPortable)
  .map(({ name }) => name);

/** One portable relation's rows on both engines, as canonical text, sorted: equal where the engines agree. */
export interface Comparison {
  name: string;
  columns: { duckdb: string[]; google: string[] };
  rows: { duckdb: string[]; google: string[] };
}

/**
 * Runs every portable file over the same rows on both engines, in build order. Each reads what DuckDB made of those before
 * it, so that a difference shows in the file that makes it.
 */
export async function compareEngines(ground: Ground, google: GoogleSql): Promise<Comparison[]> {
  return withModel(ground, async (connection, ordered) => {
    const comparisons: Comparison[] = [];
    for (const relation of ordered) {
      if (!('sql' in relation)) {
        await relation.compute(connection);
        continue;
      }
      if (relation.layer === 'staging') continue;
      await connection.run(`CREATE TABLE ${sqlName(relation.name)} AS ${relation.sql}`);
      const made = await tableOf(connection, relation.name);
      const answer = await google.evaluate(relation.sql, await tablesRead(connection, relation));
      comparisons.push({
        name: relation.name,
        columns: {
          duckdb: made.columns.map(({ name, type }) => `${name} ${googleType(type).type_kind}`),
          google: answer.columns.map(({ name, type }) => `${name} ${type.type_kind}`),
        },
        rows: {
          duckdb: made.rows.map((row) => textOf(row, made.columns)).sort(),
          google: answer.rows.map((row) => JSON.stringify(row)).sort(),
        },
      });
    }
    return comparisons;
  });
}

/** What Google's analyser says against each portable file, by name; null where it accepts it byte for byte. */
export async function analyseAll(google: GoogleSql): Promise<Record<string, string | null>> {
  return withModel({}, async (connection, ordered) => {
    const refusals: Record<string, string | null> = {};
    for (const relation of ordered) {
      if (!('sql' in relation)) await connection.run(`CREATE TABLE ${sqlName(relation.name)} (${relation.columns})`);
      if (!isPortable(relation)) continue;
      await connection.run(`CREATE TABLE ${sqlName(relation.name)} AS ${relation.sql}`);
      refusals[relation.name] = await google.analyse(relation.sql, await tablesRead(connection, relation)).then(
        () => null,
        (refusal: Error) => refusal.message,
      );
    }
    return refusals;
  });
}

/** A database with the model's macros, its input tables and its staging as tables of the given rows. */
async function withModel<Result>(
  ground: Ground,
  work: (connection: DuckDBConnection, ordered: ModelRelation[]) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase({ threads: 1 });
  try {
    const { connection } = database;
    await prepareModelSession(connection, 'America/Los_Angeles');
    for (const [name, columns] of Object.entries(builtInTables)) {
      await connection.run(`CREATE TABLE ${sqlName(name)} (${columns})`);
    }
    const { relations } = readModel(modelFolder);
    const inputs = new Set(Object.keys(builtInTables));
    const ordered = await orderRelations(connection, [...relations, ...COMPUTED_RELATIONS], inputs);
    for (const relation of ordered) {
      if (!('sql' in relation) || relation.layer !== 'staging') continue;
      await connection.run(`CREATE TABLE ${sqlName(relation.name)} AS SELECT * FROM (${relation.sql}\n) LIMIT 0`);
    }
    for (const [table, rows] of Object.entries(ground)) {
      if (rows.length > 0) await insertRows(connection, table, rows);
    }
    return await work(connection, ordered);
  } finally {
    database.close();
  }
}

async function tablesRead(connection: DuckDBConnection, relation: Relation): Promise<GoogleTable[]> {
  const { references } = await readsOf(connection, relation);
  const tables: GoogleTable[] = [];
  for (const name of references) tables.push(await tableOf(connection, name));
  return tables;
}

async function tableOf(connection: DuckDBConnection, name: string): Promise<GoogleTable> {
  const described = await selectRows<{ column_name: string; column_type: string }>(
    connection,
    `DESCRIBE ${sqlName(name)}`,
  );
  const columns = described.map((column) => ({ name: column.column_name, type: column.column_type }));
  return { name, columns, rows: await selectRows(connection, `SELECT * FROM ${sqlName(name)}`) };
}

function textOf(row: Record<string, unknown>, columns: GoogleTable['columns']): string {
  return JSON.stringify(columns.map(({ name, type }) => canonicalValue(row[name], googleType(type))));
}
