import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogLoads } from '../../core/catalog.ts';
import { loadConfig } from '../../core/config/load.ts';
import { openDatabase, selectRows, sqlName } from '../../core/duckdb.ts';
import { silentEffects } from '../../core/effects.ts';
import { currentBatches, readHeads } from '../../core/lake.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { generateCompany } from '../../fixtures/generate.ts';
import { ingest } from '../../ingest/ingest.ts';
import { compact } from '../../model/compaction/compaction.ts';
import { prepareModelSession } from '../../model/engine/duckdb.ts';
import { orderRelations, readModel } from '../../model/graph.ts';
import { loadInputs } from '../../model/inputs/load.ts';
import { inputTables } from '../../model/inputs/tables.ts';
import { builtInTables } from '../../model/built-in-tables.ts';
import { modelFolder } from '../model/given.ts';
import type { Ground } from './portable-model.ts';

const CHARGES = 240;

/**
 * The small sample company, landed and staged by the product, cut to a few hundred charges so that a request to the evaluator
 * stays under its 4 MiB: of every kind of charge some, taken by the hash of their id.
 */
export async function sampleGround(): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-portable-'));
  const database = await openDatabase({ threads: 2 });
  try {
    const { connection } = database;
    await generateCompany({ folder, size: 'small', endMonth: '2026-10' }, silentEffects);
    const config = loadConfig(join(folder, 'worthwhile.yaml'));
    await ingest(config, {}, silentEffects);
    const workspace = workspaceAt(config.workspace);
    const batches = currentBatches(workspace);
    const heads = config.sources.flatMap(({ name }) => readHeads(workspace, name) ?? []);

    await prepareModelSession(connection, config.timezone);
    await loadInputs(connection, { config, batches, heads, loads: catalogLoads(workspace) });
    const ordered = await orderRelations(connection, readModel(modelFolder).relations.filter(isStaging), INPUTS);
    const compacted = ordered.flatMap((r) => ('sql' in r && r.materialized === 'compacted' ? [r] : []));
    const given = { relations: compacted, batches, folder: workspace.compacted, timezone: config.timezone };
    const { expose } = await compact(connection, given, silentEffects);
    await expose(null);
    for (const relation of ordered) {
      if (!('sql' in relation) || relation.materialized === 'compacted') continue;
      await connection.run(`CREATE TABLE ${sqlName(relation.name)} AS ${relation.sql}`);
    }
    await connection.run(`CREATE TABLE cut AS SELECT * EXCLUDE (turn) FROM (
        SELECT *, row_number() OVER
          (PARTITION BY ChargeCategory, ChargeClass, x_CostType, SubAccountId IS NULL ORDER BY hash(x_ChargeId)) AS turn
        FROM stg_charges)
      ORDER BY turn LIMIT ${CHARGES}`);
    return await groundOf(async (sql) => selectRows(connection, sql));
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const INPUTS = new Set(Object.keys(builtInTables));
const isStaging = ({ layer }: { layer: string }): boolean => layer === 'staging';

async function groundOf(select: (sql: string) => Promise<Record<string, unknown>[]>): Promise<Ground> {
  const ground: Ground = {
    stg_charges: await select('SELECT * FROM cut'),
    stg_label_values: await select(
      'SELECT * FROM stg_label_values WHERE x_LabelSetId IN (SELECT x_LabelSetId FROM cut)',
    ),
    stg_gcp_pricing__prices: await select('SELECT * FROM stg_gcp_pricing__prices'),
  };
  for (const table of Object.keys(inputTables)) ground[table] = await select(`SELECT * FROM ${sqlName(table)}`);
  return ground;
}
