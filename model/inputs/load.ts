import type { DuckDBConnection } from '@duckdb/node-api';
import type { CatalogLoad } from '../../core/catalog.ts';
import type { CloudBillingFacts } from '../../core/cloud-billing.ts';
import type { Config } from '../../core/config/schema.ts';
import { selectRows, sqlName } from '../../core/duckdb.ts';
import { silentEffects, type Effects } from '../../core/effects.ts';
import type { LakeBatch, SourceHeads } from '../../core/lake.ts';
import type { LandedMeasure } from '../../core/measures.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { aliasRows, labelKeyRows, ruleRows, stepRows, tagNamespaceRows } from './attribution-rows.ts';
import { batchRows, batchSumRows } from './batch-rows.ts';
import { catalogStateRows, componentRows, ownerRows, squadRows } from './catalog-rows.ts';
import { matchRows } from './match-rows.ts';
import { loadMeasureValues, measureRows } from './measure-rows.ts';
import { poolConditionRows, poolRows, poolTargetRows } from './pool-rows.ts';
import { loadPriceLists } from './price-list.ts';
import { runRows, runSourceRows } from './run-rows.ts';
import { billingAccountRows, catalogPriceRows, linkedProjectRows, snapshotRows } from './snapshot-rows.ts';
import { inputTables, type InputRow, type InputRows } from './tables.ts';
import { unknownTargets } from './unknown-targets.ts';

export interface InputFacts {
  config: Config;
  batches: LakeBatch[];
  heads: SourceHeads[];
  /** Oldest first, as `catalogLoads` gives them. */
  loads: CatalogLoad[];
  /** What Cloud Billing last said; nothing where left out. */
  cloudBilling?: CloudBillingFacts;
  /** Drivers and metrics that have landed; none where left out. */
  measures?: LandedMeasure[];
  /** The run history; what still runs is left out. */
  runs?: RunRecord[];
}

/** Creates every input table, fills it from what the lake, the catalog and the configuration say, and returns the rows. */
export async function loadInputs(
  connection: DuckDBConnection,
  facts: InputFacts,
  effects: Effects = silentEffects,
): Promise<InputRows> {
  for (const warning of unknownTargets(facts.config.attribution, facts.loads)) effects.warn(warning);
  const inputs = inputRows(facts);
  for (const [table, rows] of Object.entries(inputs)) {
    await connection.run(`CREATE TABLE ${sqlName(table)} (${inputTables[table as keyof InputRows]})`);
    await insertRows(connection, table, rows);
  }
  await loadPriceLists(connection, facts.batches);
  await loadMeasureValues(connection, facts.measures ?? []);
  return inputs;
}

const NOTHING_ASKED: CloudBillingFacts = { accounts: [], skus: [] };

/** The rows of every input table; pure. */
export function inputRows(facts: InputFacts): InputRows {
  const { config, batches, heads, loads, measures = [], runs = [], cloudBilling = NOTHING_ASKED } = facts;
  const { attribution } = config;
  return {
    inp_batches: batchRows(batches, heads),
    inp_batch_sums: batchSumRows(batches),
    inp_snapshots: snapshotRows(batches, heads),
    inp_billing_accounts: billingAccountRows(cloudBilling),
    inp_linked_projects: linkedProjectRows(cloudBilling),
    inp_catalog_prices: catalogPriceRows(cloudBilling),
    inp_catalog_states: catalogStateRows(loads),
    inp_components: componentRows(loads),
    inp_component_owners: ownerRows(loads),
    inp_squads: squadRows(loads),
    inp_catalog_matches: matchRows(loads),
    inp_aliases: aliasRows(attribution),
    inp_rules: ruleRows(attribution),
    inp_steps: stepRows(attribution),
    inp_label_keys: labelKeyRows(attribution),
    inp_tag_namespaces: tagNamespaceRows(attribution),
    inp_measures: measureRows(measures),
    inp_measure_values: [], // straight from their Parquet, see loadInputs
    inp_pools: poolRows(config.pools),
    inp_pool_conditions: poolConditionRows(config.pools),
    inp_pool_targets: poolTargetRows(config.pools),
    inp_closes: [], // once the batches' months are known, see loadCloses
    inp_closed_chargeback: [],
    inp_closed_true_ups: [],
    inp_runs: runRows(runs),
    inp_run_sources: runSourceRows(runs),
  };
}

/** Adds rows to an existing table, each value cast from its text to the column's declared type. */
export async function insertRows(connection: DuckDBConnection, table: string, rows: InputRow[]): Promise<void> {
  if (rows.length === 0) return;
  const described = await selectRows<{ column_name: string; column_type: string }>(
    connection,
    `DESCRIBE ${sqlName(table)}`,
  );
  const types = Object.fromEntries(described.map((column) => [column.column_name, column.column_type]));
  await connection.run(
    `INSERT INTO ${sqlName(table)} BY NAME SELECT unnest(from_json($1::VARCHAR, $2::VARCHAR), recursive := true)`,
    [JSON.stringify(rows), JSON.stringify([types])],
  );
}
