import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, selectRows, type Database } from '../../../core/duckdb.ts';
import { prepareModelSession } from '../../../model/engine/duckdb.ts';
import { readModel } from '../../../model/graph.ts';
import { modelFolder } from '../given.ts';

/** For each check: tables over which it holds, and a change after which it names the offending rows. */
const cases: Record<string, { given: string[]; breaks: Record<string, string> }> = {
  attributions_cover_every_day_once: {
    given: [
      `CREATE TABLE int_attributions AS FROM (VALUES (1, DATE '1900-01-01', DATE '2026-01-01'), (1, DATE '2026-01-01', DATE '2999-12-31'))
       v(x_SubjectId, ValidFrom, ValidTo)`,
    ],
    breaks: {
      'a gap': `UPDATE int_attributions SET ValidFrom = DATE '2026-01-02' WHERE ValidFrom = DATE '2026-01-01'`,
      'an overlap': `UPDATE int_attributions SET ValidTo = DATE '2026-01-02' WHERE ValidTo = DATE '2026-01-01'`,
      'an end before the last day': `UPDATE int_attributions SET ValidTo = DATE '2030-01-01' WHERE ValidTo = DATE '2999-12-31'`,
    },
  },
  charges_are_attributed_once: {
    given: [
      `CREATE TABLE stg_charges AS SELECT 24 AS x_ChargeCount FROM range(2)`,
      `CREATE TABLE int_attributions AS FROM (VALUES ('red', NULL), (NULL, 'no-labels')) v(SquadId, x_UnallocatedReason)`,
      `CREATE TABLE fct_coverage AS FROM (VALUES ('label', NULL, 24), ('unallocated', 'no-labels', 24))
       v(x_AttributionStep, x_UnallocatedReason, x_ChargeCount)`,
    ],
    breaks: {
      'a lost charge': 'DELETE FROM fct_coverage WHERE x_UnallocatedReason IS NULL',
      'all charges lost': 'DELETE FROM fct_coverage',
      'a doubled charge': `INSERT INTO fct_coverage FROM fct_coverage LIMIT 1`,
      'a subject with neither squad nor reason': 'UPDATE int_attributions SET SquadId = NULL',
      'a subject with both': `UPDATE int_attributions SET x_UnallocatedReason = 'no-labels'`,
      'a charge outside every attribution': 'UPDATE fct_coverage SET x_UnallocatedReason = NULL',
      'an allocated charge with a reason': `UPDATE fct_coverage SET x_UnallocatedReason = 'no-labels'`,
    },
  },
  charges_have_currency_and_costs: {
    given: [
      `CREATE TABLE stg_charges AS SELECT 'a' AS x_ChargeId, 's' AS x_SourceName, 'b' AS x_BatchId, 'USD' AS BillingCurrency,
       DATE '2026-01-01' AS BillingPeriodStart, DATE '2026-01-01' AS ChargePeriodStart,
       1.0 AS ListCost, 1.0 AS ContractedCost, 1.0 AS BilledCost, 1.0 AS EffectiveCost`,
    ],
    breaks: Object.fromEntries(
      [
        'BillingCurrency',
        'BillingPeriodStart',
        'ChargePeriodStart',
        'ListCost',
        'ContractedCost',
        'BilledCost',
        'EffectiveCost',
      ].map((column) => [`no ${column}`, `UPDATE stg_charges SET ${column} = NULL`]),
    ),
  },
  closed_months_are_as_sealed: {
    given: [
      `CREATE TABLE inp_closed_chargeback AS SELECT DATE '2026-01-01' AS BillingPeriodStart, 'USD' AS BillingCurrency, 'red' AS SquadId,
       'Red' AS SquadName, NULL AS CostCentre, 'web' AS ComponentId, 'BigQuery' AS ServiceName, 'Direct' AS ChargeKind, 1.0 AS ListCost,
       1.0 AS ContractedCost, 1.0 AS BilledCost, 1.0 AS EffectiveCost, 3 AS x_ChargeCount`,
      `CREATE TABLE fct_chargeback AS FROM inp_closed_chargeback UNION ALL
       SELECT * REPLACE (DATE '2026-02-01' AS BillingPeriodStart) FROM inp_closed_chargeback`,
      `CREATE TABLE fct_closes AS SELECT DATE '2026-01-01' AS BillingPeriodStart`,
    ],
    breaks: {
      'another cost': 'UPDATE fct_chargeback SET EffectiveCost = 1.1',
      'another name': `UPDATE fct_chargeback SET SquadName = 'Blue'`,
      'a row too few': `DELETE FROM fct_chargeback WHERE BillingPeriodStart = DATE '2026-01-01'`,
      'a row too many': `INSERT INTO fct_chargeback SELECT * REPLACE ('blue' AS SquadId) FROM inp_closed_chargeback`,
    },
  },
  owner_shares_sum_to_one: {
    given: [
      `CREATE TABLE int_component_shares AS FROM (VALUES ('web', DATE '1900-01-01', 0.6::DECIMAL(38,9)), ('web', DATE '1900-01-01', 0.4))
       v(ComponentId, ValidFrom, x_OwnerShare)`,
    ],
    breaks: {
      'a nano-share too little': 'UPDATE int_component_shares SET x_OwnerShare = 0.399999999 WHERE x_OwnerShare = 0.4',
    },
  },
  reconciliations_hold: {
    given: [
      `CREATE TABLE fct_reconciliation AS SELECT 'a-to-b' AS x_Reconciliation, DATE '2026-01-01' AS BillingPeriodStart, 'USD' AS BillingCurrency,
       'BilledCost' AS x_CostColumn, 1 AS x_Expected, 1 AS x_Actual, 0 AS x_Difference, true AS x_Holds`,
    ],
    breaks: { 'one that does not': 'UPDATE fct_reconciliation SET x_Holds = false' },
  },
  shared_in_and_out_cancel: {
    given: [
      `CREATE TABLE fct_pool_charges AS FROM (VALUES ('SharedIn', 5.0, 4.0), ('SharedOut', -5.0, -4.0))
       v(ChargeKind, BilledCost, EffectiveCost)`,
      `ALTER TABLE fct_pool_charges ADD COLUMN BillingPeriodStart DATE DEFAULT DATE '2026-01-01'`,
      `ALTER TABLE fct_pool_charges ADD COLUMN BillingCurrency VARCHAR DEFAULT 'USD'`,
      `ALTER TABLE fct_pool_charges ADD COLUMN x_PoolId VARCHAR DEFAULT 'logs'`,
      `ALTER TABLE fct_pool_charges ADD COLUMN ListCost DECIMAL(38, 9) DEFAULT 0`,
      `ALTER TABLE fct_pool_charges ADD COLUMN ContractedCost DECIMAL(38, 9) DEFAULT 0`,
    ],
    breaks: {
      'billed money that stays': `UPDATE fct_pool_charges SET BilledCost = 4.9 WHERE ChargeKind = 'SharedIn'`,
      'effective money that stays': `UPDATE fct_pool_charges SET EffectiveCost = 0 WHERE ChargeKind = 'SharedOut'`,
      'list money that stays': `UPDATE fct_pool_charges SET ListCost = 1 WHERE ChargeKind = 'SharedOut'`,
      'contracted money that stays': `UPDATE fct_pool_charges SET ContractedCost = 1 WHERE ChargeKind = 'SharedIn'`,
      'currencies that cancel each other only together': `UPDATE fct_pool_charges SET BillingCurrency = 'SEK' WHERE ChargeKind = 'SharedIn'`,
      'pools that cancel each other only together': `UPDATE fct_pool_charges SET x_PoolId = 'nat' WHERE ChargeKind = 'SharedIn'`,
    },
  },
  pools_pass_on_what_they_hold: {
    given: [
      `CREATE TABLE int_pool_lines AS SELECT i AS x_PoolLineId, 'logs' AS x_PoolId, DATE '2026-01-01' AS BillingPeriodStart, 'USD' AS BillingCurrency,
         DATE '2026-01-10' + i::INTEGER AS ChargePeriodStart, 4.0 AS ListCost, 3.0 AS ContractedCost, 2.0 AS BilledCost, -1.0 AS EffectiveCost
       FROM range(2) t(i)`,
      // The first line is passed on whole, of the second a half is kept.
      `CREATE TABLE int_pool_charges AS SELECT x_PoolLineId, 'SharedOut' AS ChargeKind, -ListCost / (x_PoolLineId + 1) AS ListCost,
         -ContractedCost / (x_PoolLineId + 1) AS ContractedCost, -BilledCost / (x_PoolLineId + 1) AS BilledCost,
         -EffectiveCost / (x_PoolLineId + 1) AS EffectiveCost FROM int_pool_lines`,
      `CREATE TABLE int_pool_shares AS SELECT true AS x_IsKept, 'logs' AS x_PoolId, DATE '2026-01-01' AS BillingPeriodStart, 'USD' AS BillingCurrency,
         DATE '2026-01-11' AS ValidFrom, DATE '2026-02-01' AS ValidTo`,
    ],
    breaks: {
      'more taken off than there is': `UPDATE int_pool_charges SET ListCost = -5 WHERE x_PoolLineId = 1`,
      'a whole line of which a part stays': `UPDATE int_pool_charges SET EffectiveCost = 0.5 WHERE x_PoolLineId = 0`,
      'a whole line that is not passed on': `DELETE FROM int_pool_charges WHERE x_PoolLineId = 0`,
    },
  },
  shares_add_up_to_their_charge: {
    given: [
      `CREATE TABLE stg_charges AS SELECT 'a' AS x_ChargeId, 1.0 AS ListCost, 1.0 AS ContractedCost, 1.0 AS BilledCost, 1.0 AS EffectiveCost,
       1.0 AS PricingQuantity, 24 AS x_ChargeCount`,
      `CREATE TABLE int_joint_charges AS SELECT 'a' AS x_ChargeId, 0.5 AS ListCost, 0.5 AS ContractedCost, 0.5 AS BilledCost,
       0.5 AS EffectiveCost, 0.5 AS PricingQuantity, 12 AS x_ChargeCount FROM range(2)`,
    ],
    breaks: Object.fromEntries(
      ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost', 'PricingQuantity', 'x_ChargeCount'].map(
        (column) => [`a part of ${column} lost`, `UPDATE int_joint_charges SET ${column} = 0`],
      ),
    ),
  },
  unallocated_ties_to_chargeback: {
    given: [
      `CREATE TABLE fct_computed_chargeback AS SELECT DATE '2026-01-01' AS BillingPeriodStart, 'USD' AS BillingCurrency, 'Unallocated' AS ChargeKind,
       3.0 AS BilledCost, 3.0 AS EffectiveCost`,
      `CREATE TABLE fct_unallocated AS SELECT BillingPeriodStart, BillingCurrency, 1.5 AS BilledCost, 1.5 AS EffectiveCost
       FROM fct_computed_chargeback, range(2)`,
      `CREATE TABLE fct_coverage AS SELECT *, 'unallocated' AS x_AttributionStep FROM fct_computed_chargeback`,
    ],
    breaks: {
      'a suggestion that doubles rows': 'INSERT INTO fct_unallocated FROM fct_unallocated',
      'a month that coverage leaves out': 'DELETE FROM fct_coverage',
    },
  },
};

let database: Database;
beforeEach(async () => {
  database = await openDatabase({ threads: 1 });
  await prepareModelSession(database.connection, 'UTC');
});
afterEach(() => database.close());

test('every check file has a case', () => {
  const names = readdirSync(join(modelFolder, 'checks')).map((file) => file.replace(/\.sql$/, ''));
  expect(Object.keys(cases).sort()).toEqual(names.sort());
});

describe.each(Object.entries(cases))('%s', (name, { given, breaks }) => {
  const { sql } = readModel(modelFolder).checks.find((check) => check.name === name)!;
  const offending = () => selectRows(database.connection, sql);

  test.each(Object.entries(breaks))('names %s, and nothing before it', async (_what, breaking) => {
    for (const statement of given) await database.connection.run(statement);
    expect(await offending()).toEqual([]);

    await database.connection.run(breaking);
    expect(await offending()).not.toEqual([]);
  });
});
