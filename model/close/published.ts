import type { DuckDBConnection } from '@duckdb/node-api';
import { openDatabase, sqlText } from '../../core/duckdb.ts';

/** Does `work` on a connection in which the marts of a published generation go by their own names. */
export async function readingPublished<Result>(
  path: string,
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase();
  try {
    await database.connection.run(`ATTACH ${sqlText(path)} AS published (READ_ONLY)`);
    await database.connection.run("SET search_path = 'memory.main,published.main'");
    return await work(database.connection);
  } finally {
    database.close();
  }
}
