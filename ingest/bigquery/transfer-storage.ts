import { isRetryable } from './faults.ts';
import { arrowReader, type ArrowColumn } from './arrow-values.ts';
import type { StorageReadApi } from './client.ts';
import type { ParquetSpool } from './parquet-spool.ts';
import { jobProjectOf, type FinishedQuery, type QueryContext } from './query.ts';
import { delayBefore, withRetries } from './retry.ts';

/**
 * Reads a query's rows from its anonymous result table by the Storage Read API, as Arrow record batches. A stream that was cut
 * off is asked for again from the row after the last one that arrived.
 */
export async function transferByStorageRead(
  context: QueryContext,
  storage: StorageReadApi,
  finished: FinishedQuery,
  spool: ParquetSpool,
  arrived: (rows: number, bytes: number) => void,
): Promise<void> {
  const { projectId, datasetId, tableId } = finished.destination!;
  const { RecordBatchReader } = await import('apache-arrow');
  const session = await withRetries(context.retries, () =>
    storage.open({
      parent: `projects/${jobProjectOf(context.settings)}`,
      table: `projects/${projectId}/datasets/${datasetId}/tables/${tableId}`,
    }),
  );
  const take = async (recordBatch: Uint8Array): Promise<void> => {
    for (const batch of RecordBatchReader.from(messageOf(session.arrowSchema, recordBatch))) {
      const readers = finished.schema.map((field) =>
        arrowReader(field, batch.getChild(field.name)!.data[0]! as unknown as ArrowColumn),
      );
      await spool.append(batch.numRows, (column, from, to) => {
        const read = readers[column]!;
        return Array.from({ length: to - from }, (_, index) => read(from + index));
      });
    }
  };
  for (const stream of session.streams) {
    let offset = 0;
    for (let failures = 0, ended = false; !ended;) {
      const before = offset;
      try {
        for await (const { recordBatch, rows } of storage.read(stream, offset)) {
          await take(recordBatch);
          offset += rows;
          arrived(rows, recordBatch.byteLength);
        }
        ended = true;
      } catch (error) {
        failures = offset > before ? 1 : failures + 1;
        if (failures >= context.retries.attempts || !isRetryable(error)) throw error;
        await context.retries.pause(delayBefore(failures, context.retries));
      }
    }
  }
}

/** Schema and batch as one Arrow stream, in memory of its own: a slice of a shared buffer may lie where 64-bit words may not. */
function messageOf(schema: Uint8Array, recordBatch: Uint8Array): Uint8Array {
  const message = new Uint8Array(schema.byteLength + recordBatch.byteLength);
  message.set(schema);
  message.set(recordBatch, schema.byteLength);
  return message;
}
