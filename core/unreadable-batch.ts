import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText } from './duckdb.ts';
import { WorthwhileError } from './errors.ts';
import type { LakeBatch } from './lake.ts';

/**
 * After a query over batches has failed: which landed file cannot be decoded, as an error that names the file at its source.
 * Ingest reads only the columns it sums, so a damaged page of another column shows first when the model reads it. Null where
 * every file decodes, and the failure was something else.
 */
export async function unreadableBatch(
  connection: DuckDBConnection,
  batches: LakeBatch[],
  cause: unknown,
): Promise<WorthwhileError | null> {
  for (const { manifest, files } of batches) {
    for (const [index, path] of files.entries()) {
      if (await decodes(connection, path)) continue;
      return new WorthwhileError('FILE_CORRUPT', 'the file is damaged inside: its footer is whole, its rows are not', {
        on: `${manifest.files[index]!.source} (partition ${manifest.partition} of source "${manifest.source}")`,
        fix: 'export or copy the file again and run; until then the last good generation is served',
        cause,
      });
    }
  }
  return null;
}

async function decodes(connection: DuckDBConnection, path: string): Promise<boolean> {
  try {
    const file = `read_parquet(${sqlText(path)}, hive_partitioning = false)`;
    // A hash has to see every value; count() may be answered from the footer alone.
    await connection.run(`SELECT bit_xor(hash(COLUMNS(*))) FROM ${file}`);
    return true;
  } catch {
    return false; // the answer, not a failure: the caller holds the cause
  }
}
