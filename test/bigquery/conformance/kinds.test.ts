import { join } from 'node:path';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';
import { openDatabase, sqlText } from '../../../core/duckdb.ts';
import type { SourceKind } from '../../../core/lake.ts';
import { generateCompany } from '../../../fixtures/generate.ts';
import { ingest, type IngestReport } from '../../../ingest/ingest.ts';
import { startStandIn, type StandIn } from '../stand-in/server.ts';
import { DATASET, differences, effectsAt, lakeRows, PROJECT } from './world.ts';

/** A kind besides the detailed export: where the sample company has it, and how Google partitions its table. */
interface Kind {
  kind: SourceKind;
  /** Folder under `export/`. */
  folder: string;
  /** Ingestion days, or a table without partitions of its own. */
  ingestionDays: boolean;
  /** The list is written whole every day, and only the newest is pulled. */
  snapshot?: true;
  partitions: number;
}

/** Of the charges, the last export days: the stand-in hands a table without partitions to Google's evaluator whole, each time. */
const DAYS = 6;

const KINDS: Kind[] = [
  { kind: 'gcp-billing-standard', folder: 'standard', ingestionDays: true, partitions: DAYS },
  { kind: 'gcp-focus', folder: 'gcp-focus', ingestionDays: false, partitions: 2 },
  { kind: 'gcp-pricing', folder: 'pricing', ingestionDays: true, snapshot: true, partitions: 1 },
  { kind: 'gcp-recommendations', folder: 'recommendations', ingestionDays: true, snapshot: true, partitions: 1 },
];

let standIn: StandIn;
let folder: string;
let database: { connection: DuckDBConnection; close: () => void };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'worthwhile-kinds-'));
  database = await openDatabase({ threads: 1 });
  standIn = await startStandIn();
  await generateCompany({
    folder,
    size: 'small',
    seed: 7,
    endMonth: '2026-06',
    rows: 2000,
    formats: ['standard', 'gcp-focus'],
  });
  for (const form of ['standard', 'gcp-focus']) {
    const days = readdirSync(join(folder, 'export', form)).sort();
    for (const day of days.slice(0, -DAYS)) rmSync(join(folder, 'export', form, day), { recursive: true });
  }
});
afterAll(async () => {
  database.close();
  await standIn.close();
  rmSync(folder, { recursive: true, force: true });
});

function configured(name: string, kind: SourceKind, origin: object): Config {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, stringify({ workspace: `./${name}`, sources: [{ name: 'gcp', kind, ...origin }] }));
  return loadConfig(path);
}

const pull = (config: Config): Promise<IngestReport> => ingest(config, {}, effectsAt());

describe.each(KINDS)('$kind', ({ kind, folder: export_, ingestionDays, snapshot, partitions }) => {
  let files: Config;
  beforeAll(async () => {
    const all = join(folder, 'export', export_, '*/*.parquet');
    const rows = `read_parquet(${sqlText(all)}, hive_partitioning = true)`;
    const time = ingestionDays ? ', CAST(day AS TIMESTAMPTZ) AS _PARTITIONTIME' : '';
    const select = `SELECT * EXCLUDE (day)${time} FROM ${rows}`;
    const column = ingestionDays ? {} : { partitionColumn: null };
    await standIn.tables.create({ project: PROJECT, dataset: DATASET, table: export_, select, ...column });
    const newest = (await database.connection.runAndReadAll(`SELECT max(day)::VARCHAR FROM ${rows}`)).getRows()[0]![0];
    const glob = `./export/${export_}/${snapshot ? `day=${String(newest)}` : '*'}/*.parquet`;
    files = configured(`${export_}-files`, kind, { files: [glob] });
    await pull(files);
  });

  it.each(['paged', 'storage-read'] as const)('arrives by %s as it is read from files, once', async (transfer) => {
    const { apiEndpoint, storageEndpoint } = standIn;
    const way = transfer === 'paged' ? { storageRead: 'never' } : { storageEndpoint };
    const bigquery = { project: PROJECT, dataset: DATASET, table: export_, apiEndpoint, ...way };
    const config = configured(`${export_}-${transfer}`, kind, { bigquery });

    const [first] = (await pull(config)).sources;

    expect(first!.pulled!.transfer).toBe(transfer);
    expect(first!.landed).toHaveLength(partitions);
    const found = await differences(database.connection, lakeRows(config), lakeRows(files));
    expect(found).toEqual({ left: [], right: [] });
    const [second] = (await pull(config)).sources;
    expect(second).toMatchObject({ landed: [], unchanged: partitions, missing: [] });
  });
});
