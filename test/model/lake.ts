import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import type { BatchManifest, SourceKind } from '../../core/lake.ts';
import { duckdbType } from '../../core/source-schemas/column.ts';
import { canonicalSelect } from '../../core/source-schemas/projection.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';
import type { Workspace } from '../../core/workspace.ts';
import { insertRows, type GivenRow } from './given.ts';

export interface GivenPartition {
  source?: string;
  kind?: SourceKind;
  /** Rows by canonical column; the columns left out are null. */
  rows: GivenRow[];
  /** Only these canonical columns are in the file; default all of them. */
  columns?: string[];
  /** Other physical types than the canonical ones, by column. */
  types?: Record<string, string>;
}

/** Puts a source's partitions into a lake as ingest would, one batch each, in place of all the source had before. */
export async function land(workspace: Workspace, partitions: Record<string, GivenPartition>): Promise<void> {
  const heads = new Map<string, Record<string, unknown>>();
  const kinds = new Map<string, SourceKind>();
  for (const [partition, given] of Object.entries(partitions)) {
    const source = given.source ?? 'gcp';
    const manifest = await landBatch(workspace, partition, given);
    kinds.set(source, manifest.kind);
    heads.set(source, { ...heads.get(source), [partition]: { batchId: manifest.batchId, files: [] } });
  }
  for (const [source, of] of heads) {
    const content = { version: 1, source, kind: kinds.get(source), partitions: of };
    writeFileSync(join(workspace.lake, source, 'heads.json'), JSON.stringify(content));
  }
}

async function landBatch(workspace: Workspace, partition: string, given: GivenPartition): Promise<BatchManifest> {
  const { source = 'gcp', kind = 'gcp-billing-detailed', rows } = given;
  const schema = sourceSchema(kind);
  const wanted = schema.columns.filter(({ name }) => given.columns?.includes(name) ?? true);
  const sha256 = createHash('sha256')
    .update(JSON.stringify([kind, partition, given]))
    .digest('hex');
  const folder = join(workspace.lake, source, sha256.slice(0, 20));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'data-000.parquet');
  const database = await openDatabase({ threads: 1 });
  const { connection } = database;
  await connection.run(
    `CREATE TABLE landed (${wanted.map(({ name, type }) => `"${name}" ${given.types?.[name] ?? duckdbType(type)}`).join(', ')})`,
  );
  if (rows.length > 0) await insertRows(connection, 'landed', rows);
  await connection.run(`COPY landed TO ${sqlText(file)} (FORMAT parquet)`);
  const columns = await selectRows<{ name: string; type: string }>(
    connection,
    `SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM ${sqlText(file)})`,
  );
  const sums = await selectRows<Record<string, string>>(
    connection,
    `SELECT ${schema.currency ?? "''"} AS currency, ${Object.entries(schema.sums)
      .map(([name, sql]) => `sum(${sql}) AS "${name}"`)
      .join(', ')}
     FROM (SELECT ${canonicalSelect(kind, columns)} FROM ${sqlText(file)}) GROUP BY 1`,
  );
  database.close();
  const manifest: BatchManifest = {
    version: 1,
    batchId: sha256.slice(0, 20),
    source,
    kind,
    partition,
    rows: rows.length,
    sums: schema.currency ? Object.fromEntries(sums.map(({ currency, ...of }) => [currency!, of])) : {},
    sha256,
    files: [
      {
        name: 'data-000.parquet',
        rows: rows.length,
        bytes: statSync(file).size,
        sha256,
        source: partition,
        sourceSha256: sha256,
      },
    ],
    columns,
    exportTimeMax: null,
    chargePeriodMin: null,
    chargePeriodMax: null,
    pulledAt: '2026-01-01T00:00:00.000Z',
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return manifest;
}
