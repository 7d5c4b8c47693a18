import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';
import { openDatabase, selectRows, sqlText } from '../../../core/duckdb.ts';
import { silentEffects } from '../../../core/effects.ts';
import { currentBatches } from '../../../core/lake.ts';
import { workspaceAt, type Workspace } from '../../../core/workspace.ts';
import { build } from '../../../model/build.ts';
import { currentGeneration } from '../../../model/generation.ts';
import { land } from '../lake.ts';

let folder: string;
let workspace: Workspace;
let config: Config;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worthwhile-build-'));
  config = parseConfig(
    'sources: [{ name: gcp, kind: gcp-billing-detailed, files: [x] }]',
    join(folder, 'worthwhile.yaml'),
  );
  workspace = workspaceAt(config.workspace);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const row = (day: string, billed: string, more: object = {}): Record<string, unknown> => ({
  billing_account_id: '010101-F0FFF0-61C528',
  service: { id: '6F81-5844-456A', description: 'Compute Engine' },
  sku: { id: '2E27-4F75-95CD', description: 'N2 Instance Core running in EMEA' },
  usage_start_time: `${day}T12:00:00Z`,
  export_time: `${day}T20:00:00Z`,
  cost: billed,
  currency: 'USD',
  invoice: { month: day.slice(0, 7).replace('-', '') },
  cost_type: 'regular',
  ...more,
});

async function published(sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase();
  try {
    await database.connection.run(`ATTACH ${sqlText(currentGeneration(workspace)!.path)} AS warehouse (READ_ONLY)`);
    await database.connection.run('USE warehouse');
    return await selectRows(database.connection, sql);
  } finally {
    database.close();
  }
}

const monthTotals = (): Promise<Record<string, unknown>[]> =>
  published(
    'SELECT BillingPeriodStart, sum(BilledCost) AS BilledCost, sum(x_ChargeCount) AS charges FROM fct_chargeback GROUP BY 1 ORDER BY 1',
  );

describe('a build', () => {
  test('publishes the marts of what lies in the lake, and nothing below them', async () => {
    await land(workspace, { 'day-1': { rows: [row('2026-03-02', '1.25'), row('2026-03-02', '1.25')] } });

    const report = await build(config, {}, { ...silentEffects, now: () => new Date('2026-04-01T00:00:00Z') });

    expect(report).toMatchObject({ generation: 1, published: true, compactedBatches: 1, reusedBatches: 0 });
    expect(await monthTotals()).toEqual([
      { BillingPeriodStart: '2026-03-01', BilledCost: '2.500000000', charges: '2' },
    ]);
    expect(await published('SELECT * EXCLUDE (x_ModelHash) FROM meta_generation')).toEqual([
      {
        x_Generation: '1',
        x_BuiltAt: '2026-04-01 00:00:00+00',
        x_Company: 'Your company',
        x_DefaultCurrency: 'USD',
        x_Timezone: 'America/Los_Angeles',
        x_LastCompleteDay: '2026-02-28',
      },
    ]);
    const tables = await published('SELECT name FROM (SHOW TABLES)');
    expect(tables.every(({ name }) => /^(dim|fct|meta)_/.test(String(name)))).toBe(true);
  });

  test('of an empty lake publishes empty marts', async () => {
    const report = await build(config);

    expect(report.published).toBe(true);
    expect(await monthTotals()).toEqual([]);
  });

  test('does nothing where the served generation is built from the same inputs, unless forced', async () => {
    await land(workspace, { 'day-1': { rows: [row('2026-03-02', '1')] } });
    await build(config);

    expect(await build(config)).toMatchObject({ generation: 1, published: false });
    expect(await build(config, { force: true })).toMatchObject({ generation: 2, published: true, reusedBatches: 1 });
    expect(await build({ ...config, company: 'Other' })).toMatchObject({ generation: 3, published: true });
  });

  test('publishes nothing where the workspace has been taken over meanwhile', async () => {
    await build(config);
    const assertHeld = (): never => {
      throw new Error('taken over');
    };

    await expect(build({ ...config, company: 'Other' }, {}, { ...silentEffects, assertHeld })).rejects.toThrow(
      'taken over',
    );

    expect(currentGeneration(workspace)!.number).toBe(1);
    expect(existsSync(join(workspace.warehouse, 'gen-2.duckdb'))).toBe(false);
  });

  test('counts a source once that was renamed and has landed again, and says what it leaves out', async () => {
    const rows = [row('2026-03-02', '1.25'), row('2026-03-03', '2')];
    await land(workspace, { 'day-1': { rows }, 'day-2': { source: 'google', rows } });
    const warnings: string[] = [];
    const renamed = { ...config, sources: [{ ...config.sources[0]!, name: 'google' }] };

    const report = await build(renamed, {}, { ...silentEffects, warn: (message) => warnings.push(message) });

    expect(await monthTotals()).toEqual([
      { BillingPeriodStart: '2026-03-01', BilledCost: '3.250000000', charges: '2' },
    ]);
    expect(report.skipped).toEqual([
      { what: 'source "gcp"', why: expect.stringMatching(/^is in the lake but not .* 2 rows are not counted/) },
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^source "gcp" is in the lake but not in the configuration/)]);
    expect((await build(renamed)).skipped).toEqual(report.skipped);
  });

  test('compacts only the batch that changed', async () => {
    await land(workspace, { 'day-1': { rows: [row('2026-03-02', '1')] }, 'day-2': { rows: [row('2026-03-03', '2')] } });
    await build(config);
    await land(workspace, { 'day-1': { rows: [row('2026-03-02', '1')] }, 'day-2': { rows: [row('2026-03-03', '5')] } });

    const report = await build(config);

    expect(report).toMatchObject({ compactedBatches: 1, reusedBatches: 1 });
    expect(await monthTotals()).toEqual([
      { BillingPeriodStart: '2026-03-01', BilledCost: '6.000000000', charges: '2' },
    ]);
  });

  test('rewrites a segment that is mostly superseded, and loses nothing', async () => {
    const day = (number: number, cost: string): object => ({
      [`day-${number}`]: { rows: [row(`2026-03-0${number}`, cost)] },
    });
    await land(workspace, { ...day(1, '1'), ...day(2, '2'), ...day(3, '4') });
    await build(config);
    await land(workspace, { ...day(1, '8'), ...day(2, '16'), ...day(3, '4') });

    expect(await build(config)).toMatchObject({ compactedBatches: 2, reusedBatches: 1 });

    expect(await monthTotals()).toEqual([
      { BillingPeriodStart: '2026-03-01', BilledCost: '28.000000000', charges: '3' },
    ]);
    const [version] = readdirSync(join(workspace.compacted, 'stg_gcp_billing__charges'));
    expect(readdirSync(join(workspace.compacted, 'stg_gcp_billing__charges', version!))).toHaveLength(2);
    expect(await build(config, { force: true })).toMatchObject({ compactedBatches: 0, reusedBatches: 3 });
    expect(await monthTotals()).toMatchObject([{ BilledCost: '28.000000000' }]);
  });

  test('reads files of any age together: columns that came later, floats and decimals, naive times', async () => {
    const text = { service: 'STRUCT(id VARCHAR)', sku: 'STRUCT(description VARCHAR, id VARCHAR)' };
    await land(workspace, {
      'day-1': { rows: [row('2026-03-02', '1.1', { credits: [{ amount: '-0.1' }] })] },
      'day-2': {
        columns: [
          'billing_account_id',
          'service',
          'sku',
          'usage_start_time',
          'export_time',
          'cost',
          'currency',
          'invoice',
          'credits',
          'cost_type',
        ],
        types: { ...text, cost: 'DOUBLE', usage_start_time: 'TIMESTAMP', credits: 'STRUCT(amount DOUBLE)[]' },
        rows: [
          row('2026-03-02', '0.1', {
            service: { id: 'S' },
            credits: [{ amount: -0.05 }],
            usage_start_time: '2026-03-03T07:59:59',
            billing_account_id: undefined,
          }),
        ],
      },
    });

    await build(config);

    expect(await monthTotals()).toMatchObject([{ BilledCost: '1.050000000', charges: '2' }]);
    expect(await published('SELECT DISTINCT ChargePeriodStart FROM fct_cost_daily')).toEqual([
      { ChargePeriodStart: '2026-03-02' },
    ]);
  });

  test('refuses charges that do not tie to their batch, naming the partition', async () => {
    await land(workspace, { 'day-1': { rows: [row('2026-03-02', '1')] } });
    const [batch] = currentBatches(workspace);
    const sums = { USD: { ...batch!.manifest.sums['USD'], BilledCost: '1.000000001' } };
    writeFileSync(join(batch!.folder, 'manifest.json'), JSON.stringify({ ...batch!.manifest, sums }));

    await expect(build(config)).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringMatching(/BilledCost 1.000000000 USD instead of 1.000000001[^]*partition day-1/),
    });
  });

  test('compacts everything again where the billing clock is another', async () => {
    await land(workspace, { 'day-1': { rows: [row('2026-03-02', '1')] } });
    await build(config);

    expect(await build({ ...config, timezone: 'UTC' })).toMatchObject({ compactedBatches: 1, reusedBatches: 0 });
    const [version, ...others] = readdirSync(join(workspace.compacted, 'stg_gcp_billing__charges'));
    expect(version).toBeDefined();
    expect(others).toEqual([]);
  });

  test('makes the months anew whose batches changed and carries the others over', async () => {
    await land(workspace, {
      march: { rows: [row('2026-03-02', '1')] },
      april: { rows: [row('2026-04-02', '2')] },
    });
    expect(await build(config)).toMatchObject({ monthsMade: null });
    await land(workspace, {
      march: { rows: [row('2026-03-02', '1')] },
      april: { rows: [row('2026-04-02', '20'), row('2026-05-02', '3')] },
    });

    expect(await build(config)).toMatchObject({ monthsMade: ['2026-04-01', '2026-05-01'] });

    expect(await monthTotals()).toEqual([
      { BillingPeriodStart: '2026-03-01', BilledCost: '1.000000000', charges: '1' },
      { BillingPeriodStart: '2026-04-01', BilledCost: '20.000000000', charges: '1' },
      { BillingPeriodStart: '2026-05-01', BilledCost: '3.000000000', charges: '1' },
    ]);
    expect(await build({ ...config, timezone: 'UTC' })).toMatchObject({ monthsMade: null });
  });

  test('makes every month anew where those carried over turn out to be stale, and says so', async () => {
    await land(workspace, { march: { rows: [row('2026-03-02', '1')] }, april: { rows: [row('2026-04-02', '2')] } });
    await build(config);
    await land(workspace, { march: { rows: [row('2026-03-02', '9')] }, april: { rows: [row('2026-04-02', '2')] } });
    const [now] = currentBatches(workspace).filter(({ manifest }) => manifest.partition === 'march');
    const facts = currentGeneration(workspace)!.facts!;
    const lies = facts.months.batches.map((batch) =>
      batch.billingPeriods[0] === '2026-03-01' ? { ...batch, batchId: now!.manifest.batchId } : batch,
    );
    writeFileSync(
      join(workspace.warehouse, 'gen-1.json'),
      JSON.stringify({ ...facts, months: { ...facts.months, batches: lies } }),
    );
    const warnings: string[] = [];

    const report = await build(config, {}, { ...silentEffects, warn: (message) => void warnings.push(message) });

    expect(report).toMatchObject({ published: true, monthsMade: null });
    expect(warnings).toEqual([
      expect.stringMatching(/carried over do not fit.*reconciliations_hold.*all are made anew/),
    ]);
    expect(await monthTotals()).toMatchObject([{ BilledCost: '9.000000000' }, { BilledCost: '2.000000000' }]);
  });

  test('starts from nothing where the generation before cannot be read', async () => {
    await land(workspace, { march: { rows: [row('2026-03-02', '1')] } });
    const { path } = await build(config);
    writeFileSync(path, 'no database');
    await land(workspace, { march: { rows: [row('2026-03-02', '2')] } });

    expect(await build(config)).toMatchObject({ published: true, monthsMade: null });
    expect(await monthTotals()).toMatchObject([{ BilledCost: '2.000000000' }]);
  });

  test('keeps the last three generations and the one that is served', async () => {
    for (const company of ['a', 'b', 'c', 'd', 'e']) await build({ ...config, company });

    const kept = readdirSync(workspace.warehouse).filter((name) => name.endsWith('.duckdb'));
    expect(kept.sort()).toEqual(['gen-3.duckdb', 'gen-4.duckdb', 'gen-5.duckdb']);
    expect(existsSync(workspace.spill)).toBe(false);
  });
});
