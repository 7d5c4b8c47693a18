import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText } from '../../core/duckdb.ts';

/** Writes a query's rows as Parquet, in their order; durable when this returns. */
export async function writeParquet(
  connection: DuckDBConnection,
  select: string,
  target: string,
): Promise<{ path: string; sha256: string; bytes: number }> {
  await connection.run(`COPY (${select}) TO ${sqlText(target)} (FORMAT parquet, COMPRESSION zstd)`);
  const file = await open(target, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
  return { path: target, sha256: await digestOf(target), bytes: (await stat(target)).size };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
