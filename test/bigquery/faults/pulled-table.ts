import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';
import { openDatabase, sqlText } from '../../../core/duckdb.ts';
import { readHeads } from '../../../core/lake.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { differences, lakeRows } from '../conformance/world.ts';
import type { StandIn } from '../stand-in/server.ts';
import { detailedRows } from '../../ingest/workbench.ts';

/** A small detailed export in the stand-in, a company that pulls it, and what its lake must then hold. */
export interface PulledTable {
  config: Config;
  configPath: string;
  folder: string;
  /** The table in SQL of `standIn.tables.change`. */
  relation: string;
  partitions: number;
  /** Writes one partition anew: other money, a later export time. */
  rewrite: (day: number) => Promise<void>;
  /** Rows that the lake lacks or has too many of, and batch folders that no head points to. */
  strays: () => Promise<{ missing: unknown[]; tooMany: unknown[]; unused: string[] }>;
  /** Batch folders that are there, whether or not a head points to them. */
  batches: () => string[];
  remove: () => void;
}

export const NOTHING_STRAY = { missing: [], tooMany: [], unused: [] };

export interface TableShape {
  days?: number;
  rowsPerDay?: number;
  /** More keys of `bigquery:` in the configuration. */
  settings?: Record<string, unknown>;
}

let tables = 0;

export async function pulledTable(standIn: StandIn, shape: TableShape = {}): Promise<PulledTable> {
  const { days = 4, rowsPerDay = 60, settings = { storageRead: 'never' } } = shape;
  const table = `export_${++tables}`;
  const name = `data.billing.${table}`;
  const columns = {
    cost: '0.1::DOUBLE + i * 1.000000001',
    usage_start_time: "TIMESTAMPTZ '2026-06-01 08:00:00.123456+00' + to_hours((i % 24)::INTEGER)",
    export_time: `TIMESTAMPTZ '2026-06-02 01:02:03.456789+00' + to_days((i // ${rowsPerDay})::INTEGER)`,
    _PARTITIONTIME: `TIMESTAMPTZ '2026-06-02 00:00:00+00' + to_days((i // ${rowsPerDay})::INTEGER)`,
    resource: "{'name': 'vm-' || md5(i::VARCHAR), 'global_name': '//compute/' || md5((i + 1)::VARCHAR)}",
  };
  const select = detailedRows(columns, `range(${days * rowsPerDay}) AS t(i)`);
  await standIn.tables.create({ project: 'data', dataset: 'billing', table, select });
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-pull-'));
  const configPath = join(folder, 'worthwhile.yaml');
  const bigquery = { project: 'data', dataset: 'billing', table, apiEndpoint: standIn.apiEndpoint, ...settings };
  const source = { name: 'gcp', kind: 'gcp-billing-detailed', bigquery };
  writeFileSync(configPath, stringify({ workspace: './data', sources: [source] }));
  const config = loadConfig(configPath);
  const workspace = workspaceAt(config.workspace);
  const relation = `"${name}"`;
  const batches = (): string[] => {
    const lake = join(workspace.lake, 'gcp');
    if (!existsSync(lake)) return [];
    return readdirSync(lake, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  };
  return {
    config,
    configPath,
    folder,
    relation,
    partitions: days,
    rewrite: (day) =>
      standIn.tables.change(
        `UPDATE ${relation} SET cost = cost + 1, export_time = export_time + INTERVAL 1 HOUR
         WHERE _PARTITIONTIME = TIMESTAMPTZ '2026-06-02 00:00:00+00' + to_days(${day})`,
      ),
    strays: async () => {
      const copy = join(folder, 'source.parquet');
      await standIn.tables.change(
        `COPY (SELECT * EXCLUDE (_PARTITIONTIME) FROM ${relation}) TO ${sqlText(copy)} (FORMAT parquet)`,
      );
      const { connection, close } = await openDatabase({ threads: 1 });
      try {
        const found = await differences(connection, `read_parquet(${sqlText(copy)})`, lakeRows(config));
        const heads = Object.values(readHeads(workspace, 'gcp')?.partitions ?? {}).map(({ batchId }) => batchId);
        return {
          missing: found.left,
          tooMany: found.right,
          unused: batches().filter((batch) => !heads.includes(batch)),
        };
      } finally {
        close();
      }
    },
    batches,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
