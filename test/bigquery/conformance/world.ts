import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';
import { openDatabase, selectRows, sqlText } from '../../../core/duckdb.ts';
import { silentEffects, type Effects } from '../../../core/effects.ts';
import { currentBatches, type BatchManifest } from '../../../core/lake.ts';
import { workspaceAt } from '../../../core/workspace.ts';
import { generateCompany } from '../../../fixtures/generate.ts';
import { detailedRows } from '../../ingest/workbench.ts';

export const PROJECT = 'data';
export const DATASET = 'billing';

/** A company folder whose detailed export lies in hive partitions `day=…`, as files and as the rows of a table. */
export interface World {
  folder: string;
  /** The table's name where the world is in BigQuery. */
  table: string;
  /** Its rows, with `_PARTITIONTIME`, by DuckDB. */
  select: string;
  connection: DuckDBConnection;
  close: () => void;
}

/** How a source is given to the product: `files: […]` or `bigquery: {…}`, as the configuration writes it. */
export type Origin = { files: string[] } | { bigquery: Record<string, unknown> };

/** A fixed clock, and retries that do not wait. */
export function effectsAt(now = '2026-07-05T09:00:00Z', more: Partial<Effects> = {}): Effects {
  return { ...silentEffects, now: () => new Date(now), pause: async () => {}, ...more };
}

/** The small sample company, with about so many rows of billing export. */
export async function sampleCompany(rows?: number): Promise<World> {
  const world = await emptyWorld('sample');
  await generateCompany({ folder: world.folder, size: 'small', seed: 7, endMonth: '2026-06', ...(rows && { rows }) });
  return world;
}

/** The small sample company with a few of its export days and of their rows: what an emulator holds. */
export async function slicedCompany(days: number, rowsPerDay: number): Promise<World> {
  const world = await sampleCompany();
  const { connection, folder } = world;
  const target = join(folder, 'export', 'detailed');
  await connection.run(`CREATE TABLE slice AS
    SELECT * EXCLUDE (_PARTITIONTIME, chosen), CAST(_PARTITIONTIME AS DATE) AS day
    FROM (SELECT *, row_number() OVER (PARTITION BY _PARTITIONTIME ORDER BY hash(sku, resource, usage_start_time, cost)) AS chosen
      FROM (${world.select}))
    WHERE chosen <= ${rowsPerDay}
      AND _PARTITIONTIME IN (SELECT DISTINCT _PARTITIONTIME FROM (${world.select}) ORDER BY 1 DESC LIMIT ${days})`);
  rmSync(target, { recursive: true });
  await connection.run(`COPY slice TO ${sqlText(target)} (FORMAT parquet, PARTITION_BY (day))`);
  return world;
}

/** Rows at the edges of what BigQuery's types hold: what a careless reader loses, one row each. */
export async function edgeWorld(): Promise<World> {
  const world = await emptyWorld('edges');
  const price = (value: string): string =>
    `{'effective_price': ${value}, 'tier_start_amount': NULL::DECIMAL(38,9), 'unit': 'hour', 'pricing_unit_quantity': 1::DECIMAL(38,9)}`;
  const edge = (columns: Record<string, string>): string =>
    detailedRows({ ...EDGE_DEFAULTS, ...columns }, 'range(1) AS t(i)');
  const rows = [
    edge({}),
    edge({ price: price("CAST('12345678901234567890123456789.123456789' AS DECIMAL(38,9))") }),
    edge({ price: price("CAST('-0.000000001' AS DECIMAL(38,9))"), cost: '-1e-9::DOUBLE' }),
    edge({ cost: '0.1::DOUBLE + 0.2::DOUBLE', usage: "{'amount': 9007199254740993::DOUBLE, 'unit': 'seconds'}" }),
    edge({ cost: '1005.004832999999984::DOUBLE', usage: "{'amount': 5e-324::DOUBLE, 'unit': NULL::VARCHAR}" }),
    edge({ cost: '123456789012.5::DOUBLE', usage: "{'amount': 1.7976931348623157e308::DOUBLE, 'unit': 'bytes'}" }),
    edge({ usage_start_time: "TIMESTAMPTZ '2026-05-31 23:59:59.999999+00'", cost: '-0.0::DOUBLE' }),
    edge({ usage_start_time: "TIMESTAMPTZ '2026-03-08 10:00:00.000001+00'" }),
    edge({
      labels:
        "[{'key': 'component', 'value': NULL}, {'key': '', 'value': ''}, {'key': 'k', 'value': 'å ''\" \\ \n 😀'}]",
    }),
    edge({ labels: '[]::STRUCT(key VARCHAR, value VARCHAR)[]', credits: `[]::${CREDITS}` }),
    edge({
      credits: `[{'name': 'A', 'amount': -0.1::DOUBLE, 'full_name': NULL, 'id': 'x', 'type': 'PROMOTION'}, {'name': 'B', 'amount': -0.2::DOUBLE, 'full_name': 'b', 'id': NULL, 'type': 'DISCOUNT'}]::${CREDITS}`,
    }),
    edge({ project: `NULL::${PROJECT_TYPE}`, price: 'NULL', usage: 'NULL::STRUCT(amount DOUBLE, unit VARCHAR)' }),
    edge({ project: `{'id': NULL, 'number': NULL, 'name': NULL, 'labels': []}::${PROJECT_TYPE}` }),
    edge({ invoice: "{'month': '202605'}", export_time: "TIMESTAMPTZ '2026-06-03 04:05:06.789012+00'" }),
  ];
  const numbered = rows.map(
    (row, index) => `SELECT * FROM (${row}), (SELECT DATE '2026-06-0${1 + (index % 3)}' AS day)`,
  );
  const target = join(world.folder, 'export', 'detailed');
  mkdirSync(target, { recursive: true });
  await world.connection.run(
    `COPY (${numbered.join(' UNION ALL BY NAME ')}) TO ${sqlText(target)} (FORMAT parquet, PARTITION_BY (day), OVERWRITE_OR_IGNORE)`,
  );
  writeFileSync(join(world.folder, 'worthwhile.yaml'), stringify({ currency: 'USD' }));
  return world;
}

const CREDITS = 'STRUCT(name VARCHAR, amount DOUBLE, full_name VARCHAR, id VARCHAR, type VARCHAR)[]';
const PROJECT_TYPE = 'STRUCT(id VARCHAR, number VARCHAR, name VARCHAR, labels STRUCT(key VARCHAR, value VARCHAR)[])';
const EDGE_DEFAULTS = {
  project: `{'id': 'playlists', 'number': '9007199254740993', 'name': 'Playlists', 'labels': [{'key': 'env', 'value': 'prod'}]}::${PROJECT_TYPE}`,
  credits: `[{'name': 'SUD', 'amount': -0.05::DOUBLE, 'full_name': '', 'id': 'sud', 'type': 'SUSTAINED_USAGE_DISCOUNT'}]::${CREDITS}`,
  usage: "{'amount': 1::DOUBLE, 'unit': 'seconds'}",
  price:
    "{'effective_price': 0.1::DECIMAL(38,9), 'tier_start_amount': 0::DECIMAL(38,9), 'unit': 'hour', 'pricing_unit_quantity': 1::DECIMAL(38,9)}",
  usage_start_time: "TIMESTAMPTZ '2026-05-31 08:00:00.123456+00'",
  export_time: "TIMESTAMPTZ '2026-06-02 01:02:03.456789+00'",
  invoice: "{'month': '202606'}",
};

async function emptyWorld(table: string): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), `worthwhile-${table}-`));
  const { connection, close } = await openDatabase({ threads: 1 });
  const files = sqlText(join(folder, 'export/detailed/*/*.parquet'));
  return {
    folder,
    table,
    connection,
    select: `SELECT * EXCLUDE (day), CAST(day AS TIMESTAMPTZ) AS _PARTITIONTIME FROM read_parquet(${files}, hive_partitioning = true)`,
    close: () => {
      close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const FILES: Origin = { files: ['./export/detailed/**/*.parquet'] };

/** The world's configuration with its one source given in another way, and a workspace of its own. */
export function configured(world: World, name: string, origin: Origin): Config {
  const text = parse(loadText(world)) as Record<string, unknown>;
  const path = join(world.folder, `${name}.yaml`);
  const sources = [{ name: 'gcp', kind: 'gcp-billing-detailed', ...origin }];
  writeFileSync(path, stringify({ ...text, workspace: `./workspace-${name}`, sources }));
  return loadConfig(path);
}

function loadText({ folder }: World): string {
  const path = join(folder, 'worthwhile.yaml');
  if (!existsSync(path)) throw new Error(`the world has no ${path}`);
  return readFileSync(path, 'utf8');
}

/** What a manifest says of money and time, by the partition's day. */
export function landed(config: Config): Record<string, Partial<BatchManifest>> {
  const batches = currentBatches(workspaceAt(config.workspace));
  return Object.fromEntries(
    batches.map(({ manifest }) => {
      const { rows, sums, exportTimeMax, chargePeriodMin, chargePeriodMax, partition } = manifest;
      return [partition.replace(/^day=/, ''), { rows, sums, exportTimeMax, chargePeriodMin, chargePeriodMax }];
    }),
  );
}

/** A relation over everything the heads point to, for SQL of `read_parquet`. */
export function lakeRows(config: Config): string {
  const files = currentBatches(workspaceAt(config.workspace)).flatMap((batch) => batch.files);
  return `read_parquet([${files.map(sqlText).join(', ')}], union_by_name = true)`;
}

/** Rows of one relation that the other has not, and the other way round; as often as they are there. */
export async function differences(
  connection: DuckDBConnection,
  left: string,
  right: string,
): Promise<{ left: Record<string, unknown>[]; right: Record<string, unknown>[] }> {
  const columns = async (relation: string): Promise<string[]> =>
    (
      await selectRows<{ column_name: string; column_type: string }>(connection, `DESCRIBE SELECT * FROM ${relation}`)
    ).map(({ column_name: name, column_type: type }) => `${name} ${type}`);
  const [here, there] = [await columns(left), await columns(right)];
  if (here.toSorted().join() !== there.toSorted().join()) throw new Error(`columns differ:\n${here}\n${there}`);
  const list = here.map((column) => `"${column.split(' ')[0]}"`).join(', ');
  const minus = (one: string, other: string): Promise<Record<string, unknown>[]> =>
    selectRows(connection, `(SELECT ${list} FROM ${one} EXCEPT ALL SELECT ${list} FROM ${other}) LIMIT 5`);
  return { left: await minus(left, right), right: await minus(right, left) };
}
