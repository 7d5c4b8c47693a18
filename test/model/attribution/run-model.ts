import type { DuckDBConnection } from '@duckdb/node-api';
import type { CatalogLoad } from '../../../core/catalog.ts';
import { parseConfig } from '../../../core/config/load.ts';
import { openDatabase, selectRows, sqlName } from '../../../core/duckdb.ts';
import { COMPUTED_RELATIONS } from '../../../model/computed-relations.ts';
import { prepareModelSession } from '../../../model/engine/duckdb.ts';
import { orderRelations, readModel } from '../../../model/graph.ts';
import { loadInputs } from '../../../model/inputs/load.ts';
import { inputTables } from '../../../model/inputs/tables.ts';
import { insertRows, modelFolder, type GivenRow } from '../given.ts';

/** Made of what no charge says. */
const OTHER_MATTERS = ['meta_generation', 'dim_sku', 'dim_sku_prices'];

/** What staging hands over. */
const staged = {
  stg_charges: `x_ChargeId VARCHAR, x_SourceName VARCHAR, x_BatchId VARCHAR, ProviderName VARCHAR, PublisherName VARCHAR,
    BillingAccountId VARCHAR, BillingPeriodStart DATE, ChargePeriodStart DATE, x_ChargeMonth DATE, ChargeCategory VARCHAR,
    ChargeClass VARCHAR, x_CostType VARCHAR, SubAccountId VARCHAR, SubAccountName VARCHAR, ServiceName VARCHAR, x_ServiceId VARCHAR,
    SkuId VARCHAR, x_SkuDescription VARCHAR, x_SkuGroup VARCHAR, RegionId VARCHAR, ResourceId VARCHAR, ResourceName VARCHAR,
    PricingUnit VARCHAR, x_ConsumptionModelId VARCHAR, CommitmentDiscountId VARCHAR, BillingCurrency VARCHAR, x_LabelSetId VARCHAR,
    ListCost DECIMAL(38,9), ContractedCost DECIMAL(38,9), BilledCost DECIMAL(38,9), EffectiveCost DECIMAL(38,9),
    x_CreditAmount DECIMAL(38,9), PricingQuantity DECIMAL(38,9), x_ChargeCount BIGINT`,
  stg_label_values: `x_LabelSetId VARCHAR, x_LabelPosition BIGINT, x_LabelScope VARCHAR, x_LabelKey VARCHAR, x_LabelValue VARCHAR,
    x_LabelNamespace VARCHAR`,
};

export interface StagedWorld {
  charges: GivenRow[];
  labels: GivenRow[];
  loads: CatalogLoad[];
  /** The `attribution` key of the configuration, as JSON. */
  attribution: unknown;
}

/** Runs everything after staging over the given charges and hands the connection, with every relation made, to `look`. */
export async function withModelOver<Seen>(
  world: StagedWorld,
  look: (connection: DuckDBConnection, failedChecks: string[]) => Promise<Seen>,
): Promise<Seen> {
  const database = await openDatabase({ threads: 1 });
  try {
    const { connection } = database;
    await prepareModelSession(connection, 'America/Los_Angeles');
    const config = parseConfig(
      JSON.stringify({ sources: [{ name: 'gcp', kind: 'focus', files: ['x'] }], attribution: world.attribution }),
      '/worthwhile.yaml',
    );
    await loadInputs(connection, { config, batches: [], heads: [], loads: world.loads });
    for (const [table, columns] of Object.entries(staged)) await connection.run(`CREATE TABLE ${table} (${columns})`);
    await insertRows(connection, 'stg_charges', world.charges);
    await insertRows(connection, 'stg_label_values', world.labels);
    const { relations, checks } = readModel(modelFolder);
    const afterStaging = relations.filter(({ layer, name }) => layer !== 'staging' && !OTHER_MATTERS.includes(name));
    const ready = new Set([...Object.keys(inputTables), ...Object.keys(staged)]);
    for (const relation of await orderRelations(connection, [...afterStaging, ...COMPUTED_RELATIONS], ready)) {
      if ('sql' in relation) {
        const kind = relation.materialized === 'view' ? 'VIEW' : 'TABLE';
        await connection.run(`CREATE ${kind} ${sqlName(relation.name)} AS ${relation.sql}`);
      } else await relation.compute(connection);
    }
    const failed: string[] = [];
    for (const check of checks) if ((await selectRows(connection, check.sql)).length > 0) failed.push(check.name);
    return await look(connection, failed);
  } finally {
    database.close();
  }
}
