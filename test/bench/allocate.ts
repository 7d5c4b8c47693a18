/**
 * How long the model takes to pass 5 million attributed charges through 20 pools that feed each other, against one bare join of the
 * same tables: charges with final shares, multiplied in doubles and summed by squad. `npm run bench allocate -- --charges 5000000`
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../../core/config/load.ts';
import { openDatabase, selectRows, sqlName } from '../../core/duckdb.ts';
import { builtInTables } from '../../model/built-in-tables.ts';
import { COMPUTED_RELATIONS } from '../../model/computed-relations.ts';
import { prepareModelSession } from '../../model/engine/duckdb.ts';
import { orderRelations, readModel, type OrderedRelation } from '../../model/graph.ts';
import { inputRows, insertRows } from '../../model/inputs/load.ts';

const { values } = parseArgs({
  options: { charges: { type: 'string', default: '5000000' }, repeat: { type: 'string', default: '3' } },
});
const charges = Number(values.charges);
const POOLS = 20;
const SQUADS = 40;
const COMPONENTS = 300;
const LAST = 'int_pool_charges';

const database = await openDatabase({ memoryLimit: '8GB' });
const { connection } = database;
await connection.run('SET preserve_insertion_order = false');
await prepareModelSession(connection, 'America/Los_Angeles');
const config = parseConfig(configText(), '/company/worthwhile.yaml');
const inputs = inputRows({ config, batches: [], heads: [], loads: [] });
for (const [name, columns] of Object.entries(builtInTables)) {
  await connection.run(`CREATE TABLE ${sqlName(name)} (${columns})`);
}
for (const [table, rows] of Object.entries(inputs)) await insertRows(connection, table, rows);
const ordered = await orderRelations(
  connection,
  [...readModel(resolve(import.meta.dirname, '../../model')).relations, ...COMPUTED_RELATIONS],
  new Set(Object.keys(builtInTables)),
);
await makeGround();
const timed = ordered.filter(isOfPools);

const rounds: { bare: number; model: number; rows: string }[] = [];
for (let round = 1; round <= Number(values.repeat); round++) {
  const model = await seconds(async () => {
    for (const relation of timed) await make(relation);
  });
  const [made] = await selectRows<{ rows: string }>(connection, `SELECT count(*) AS "rows" FROM ${LAST}`);
  const bare = await seconds(() =>
    connection.run(
      `CREATE OR REPLACE TABLE bare AS
       SELECT c.BillingPeriodStart, c.BillingCurrency, s.SquadId,
         sum(c.ListCost::DOUBLE * s.x_ShareHigh) AS l, sum(c.ContractedCost::DOUBLE * s.x_ShareHigh) AS k,
         sum(c.BilledCost::DOUBLE * s.x_ShareHigh) AS b, sum(c.EffectiveCost::DOUBLE * s.x_ShareHigh) AS e
       FROM int_charges_owned AS c JOIN int_pool_shares AS s
         ON s.x_PoolId = c.x_PoolId AND s.BillingPeriodStart = c.BillingPeriodStart AND s.BillingCurrency = c.BillingCurrency
         AND s.ValidFrom <= c.ChargePeriodStart AND c.ChargePeriodStart < s.ValidTo
       GROUP BY ALL`,
    ),
  );
  rounds.push({ bare, model, rows: made!.rows });
  console.log(`round ${round}: model ${model.toFixed(2)} s to ${made!.rows} rows, bare join ${bare.toFixed(2)} s`);
  for (const { name } of timed.toReversed())
    await connection.run(`DROP ${isView(name) ? 'VIEW' : 'TABLE'} ${sqlName(name)}`);
}
const middle = rounds.toSorted((a, b) => a.model / a.bare - b.model / b.bare)[rounds.length >> 1]!;
console.log(
  `\nallocation / bare join   ${(middle.model / middle.bare).toFixed(2)} x   (${middle.model.toFixed(2)} s / ${middle.bare.toFixed(2)} s; ` +
    `${charges} charges, ${POOLS} pools in cycles, ${SQUADS} squads, ${COMPONENTS} components)`,
);
database.close();

function isOfPools({ name }: OrderedRelation): boolean {
  return /^int_(pool|charges_pooled|charges_owned|joint_charges)/.test(name);
}

function isView(name: string): boolean {
  const relation = ordered.find((one) => one.name === name)!;
  return 'sql' in relation && relation.materialized === 'view';
}

async function make(relation: OrderedRelation): Promise<void> {
  if (!('sql' in relation)) return relation.compute(connection);
  const kind = relation.materialized === 'view' ? 'VIEW' : 'TABLE';
  await connection.run(`CREATE ${kind} ${sqlName(relation.name)} AS ${relation.sql}`);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Six months of charges of 300 components, of which 20 are what everybody shares; each of these uses five of the others. */
async function makeGround(): Promise<void> {
  const upstream = new Set<string>();
  for (const relation of ordered.toReversed()) {
    if (isOfPools(relation) || upstream.has(relation.name)) for (const name of relation.reads) upstream.add(name);
  }
  for (const relation of ordered) {
    if (isOfPools(relation) || !upstream.has(relation.name)) continue;
    if (!('sql' in relation)) await connection.run(`CREATE TABLE ${sqlName(relation.name)} (${relation.columns})`);
    else await connection.run(`CREATE TABLE ${sqlName(relation.name)} AS SELECT * FROM (${relation.sql}\n) LIMIT 0`);
  }
  await connection.run(
    `INSERT INTO int_component_shares BY NAME
     SELECT 'component-' || i AS ComponentId, DATE '1900-01-01' AS ValidFrom, DATE '2999-12-31' AS ValidTo, 1 AS x_OwnerPosition,
       'squad-' || (i % ${SQUADS}) AS SquadId, 1 AS x_OwnerShare, 1 AS x_ShareUpTo FROM range(${COMPONENTS}) AS t(i)`,
  );
  await connection.run(
    `INSERT INTO int_charges_attributed BY NAME
     SELECT 'charge-' || i AS x_ChargeId, 'USD' AS BillingCurrency, month AS BillingPeriodStart, month AS x_ChargeMonth,
       (month + (hash(i + 1) % 28)::INTEGER)::DATE AS ChargePeriodStart, 'component-' || c AS ComponentId,
       'squad-' || (c % ${SQUADS}) AS SquadId, 1 AS x_OwnerCount, 'Service ' || (hash(i + 2) % 12) AS ServiceName,
       'sku-' || (hash(i + 3) % 500) AS SkuId, 'Usage' AS ChargeCategory, 'set-' || c AS x_LabelSetId, 24 AS x_ChargeCount,
       cost AS ListCost, cost AS ContractedCost, cost AS BilledCost, cost AS EffectiveCost, 1 AS PricingQuantity
     FROM (SELECT i, hash(i) % ${COMPONENTS} AS c, (DATE '2026-01-01' + to_months((hash(i + 4) % 6)::INTEGER))::DATE AS month,
             ((hash(i + 5) % 1000000007)::DECIMAL(18, 9) / 10000000)::DECIMAL(38, 9) AS cost FROM range(${charges}) AS t(i))`,
  );
  await connection.run(
    `INSERT INTO int_measure_values BY NAME
     SELECT 'driver' AS x_MeasureKind, 'use' AS x_MeasureName, month AS x_PeriodStart, (month + INTERVAL 1 MONTH)::DATE AS x_PeriodEnd,
       'component-' || i AS x_Consumer, 'component-' || i AS ComponentId, (1 + hash(i) % 1000)::DECIMAL(38, 9) AS x_Value
     FROM range(${COMPONENTS}) AS t(i), (SELECT (DATE '2026-01-01' + to_months(m::INTEGER))::DATE AS month FROM range(6) AS u(m))`,
  );
}

/** Each pool is one component, shared by use; every component consumes, so every pool feeds every other. */
function configText(): string {
  const pools = Array.from({ length: POOLS }, (_, index) => {
    const of = `{ component: component-${index} }`;
    return `  - { name: pool-${index}, of: ${of}, method: driver, driver: use }`;
  });
  return `sources: [{ name: gcp, kind: focus, files: [x] }]\ndrivers: [{ name: use, files: [x] }]\npools:\n${pools.join('\n')}\n`;
}
