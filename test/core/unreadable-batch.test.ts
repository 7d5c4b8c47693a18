import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import type { LakeBatch } from '../../core/lake.ts';
import { unreadableBatch } from '../../core/unreadable-batch.ts';

it('names the source of the one batch whose pages are damaged, and nothing where all decode', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-core-'));
  const { connection, close } = await openDatabase({ threads: 1 });
  onTestFinished(() => {
    close();
    rmSync(folder, { recursive: true });
  });
  const batches: LakeBatch[] = [];
  for (const name of ['a', 'b']) {
    const path = join(folder, `${name}.parquet`);
    await connection.run(
      `COPY (SELECT i AS n, md5(CAST(i AS VARCHAR)) AS text FROM range(1000) t(i)) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    const manifest = { source: 'bill', partition: name, files: [{ source: `/exports/${name}.parquet` }] };
    batches.push({ manifest: manifest as LakeBatch['manifest'], folder, files: [path] });
  }
  expect(await unreadableBatch(connection, batches, null)).toBeNull();

  const damaged = batches[1]!.files[0]!;
  const [page] = await selectRows<{ at: string }>(
    connection,
    `SELECT data_page_offset AS at FROM parquet_metadata(${sqlText(damaged)}) WHERE path_in_schema = 'text'`,
  );
  const bytes = readFileSync(damaged);
  bytes.fill(0x5a, Number(page!.at) + 40, Number(page!.at) + 400);
  writeFileSync(damaged, bytes);

  const error = await unreadableBatch(connection, batches, null);

  expect(error).toMatchObject({ code: 'FILE_CORRUPT', on: expect.stringContaining('/exports/b.parquet') });
});
