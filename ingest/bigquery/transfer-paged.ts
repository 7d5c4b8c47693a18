import { jsonReader } from './json-values.ts';
import type { ParquetSpool } from './parquet-spool.ts';
import { resultPages, type FinishedQuery, type QueryContext } from './query.ts';

/** Reads a query's rows as pages of JSON into the spool; one page is in memory at a time. */
export async function transferPaged(
  context: QueryContext,
  finished: FinishedQuery,
  spool: ParquetSpool,
  arrived: (rows: number, bytes: number) => void,
): Promise<void> {
  const readers = finished.schema.map(jsonReader);
  for await (const rows of resultPages(context, finished)) {
    await spool.append(rows.length, (column, from, to) => {
      const read = readers[column]!;
      return rows.slice(from, to).map((row) => read(row.f[column]!.v));
    });
    arrived(rows.length, 0);
  }
}
