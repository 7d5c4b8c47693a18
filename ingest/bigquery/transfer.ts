import type { StorageReadApi } from './client.ts';
import { isStorageReadRefused } from './faults.ts';
import { landedType } from './field.ts';
import { ParquetSpool, type Connect, type SpooledFile } from './parquet-spool.ts';
import { shortOfRows, type FinishedQuery, type QueryContext } from './query.ts';
import { transferPaged } from './transfer-paged.ts';
import { transferByStorageRead } from './transfer-storage.ts';

/** How rows come over: by the Storage Read API until it is refused, else as pages of JSON. */
export interface Transfer {
  storage: StorageReadApi | null;
  /** What the last rows came by; null where none came yet. */
  used: 'storage-read' | 'paged' | null;
  /** Told once, when the Storage Read API is refused. */
  refused: (reason: string) => void;
}

/** Brings a query's rows into Parquet files named `<target>-000.parquet` and on. Throws SOURCE_INCOMPLETE where rows are short. */
export async function bringRows(
  context: QueryContext,
  transfer: Transfer,
  finished: FinishedQuery,
  into: { connect: Connect; target: string; arrived: (rows: number, bytes: number) => void },
): Promise<SpooledFile[]> {
  const columns = finished.schema.map((field) => ({ name: field.name, type: landedType(field) }));
  const spool = new ParquetSpool(into.connect, columns, into.target);
  try {
    if (!(await byStorageRead(context, transfer, finished, spool, into.arrived))) {
      await transferPaged(context, finished, spool, into.arrived);
      transfer.used = 'paged';
    }
    if (spool.rows !== finished.rows) throw shortOfRows(finished, spool.rows);
    return await spool.finish();
  } finally {
    await spool.discard();
  }
}

/** False where it cannot be used; nothing has been spooled then. */
async function byStorageRead(
  context: QueryContext,
  transfer: Transfer,
  finished: FinishedQuery,
  spool: ParquetSpool,
  arrived: (rows: number, bytes: number) => void,
): Promise<boolean> {
  if (!transfer.storage || !finished.destination) return false;
  try {
    await transferByStorageRead(context, transfer.storage, finished, spool, arrived);
    transfer.used = 'storage-read';
    return true;
  } catch (error) {
    if (!isStorageReadRefused(error) || spool.rows > 0) throw error;
    // Pulls that go on beside this one meet the same refusal; it is told once.
    if (transfer.storage) transfer.refused((error as Error).message.split('\n')[0]!);
    transfer.storage = null;
    return false;
  }
}
