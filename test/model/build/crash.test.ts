import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';
import { openDatabase, selectRows, sqlText } from '../../../core/duckdb.ts';
import { workspaceAt, type Workspace } from '../../../core/workspace.ts';
import { build } from '../../../model/build.ts';
import { currentGeneration } from '../../../model/generation.ts';
import { land } from '../lake.ts';

let folder: string;
let workspace: Workspace;
let config: Config;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worthwhile-crash-'));
  const path = join(folder, 'worthwhile.yaml');
  writeFileSync(path, 'sources: [{ name: gcp, kind: gcp-billing-detailed, files: [x] }]');
  config = loadConfig(path);
  workspace = workspaceAt(config.workspace);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const landed = (cost: string): Promise<void> =>
  land(workspace, {
    day: {
      rows: [
        {
          service: {
            id: 'S',
            description: 'Compute Engine',
          },
          sku: {
            id: 'K',
            description: 'N2 Core',
          },
          usage_start_time: '2026-03-02T12:00:00Z',
          export_time: '2026-03-02T20:00:00Z',
          cost,
          currency: 'USD',
          invoice: { month: '202603' },
          cost_type: 'regular',
        },
      ],
    },
  });

async function servedTotal(): Promise<unknown> {
  const database = await openDatabase();
  try {
    await database.connection.run(`ATTACH ${sqlText(currentGeneration(workspace)!.path)} AS warehouse (READ_ONLY)`);
    const [row] = await selectRows(
      database.connection,
      'SELECT sum(BilledCost) AS total FROM warehouse.fct_chargeback',
    );
    return row!['total'];
  } finally {
    database.close();
  }
}

function buildKilledAt(step: string): Promise<NodeJS.Signals | null> {
  const script = join(import.meta.dirname, 'build-killed-at.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, config.path, step], { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.on('close', (_, signal) => resolve(signal));
  });
}

describe('a build that dies', () => {
  test.each(['compaction', 'compact', 'fct_chargeback', 'checks of month', 'months', 'checks of history', 'publish'])(
    'at "%s" leaves the generation before served, and the next build makes good',
    { timeout: 30_000 },
    async (step) => {
      await landed('1');
      await build(config);
      await landed('2');

      expect(await buildKilledAt(step)).toBe('SIGKILL');

      expect(await servedTotal()).toBe('1.000000000');
      expect(await build(config)).toMatchObject({ published: true });
      expect(await servedTotal()).toBe('2.000000000');
      const left = readdirSync(workspace.root, { recursive: true, encoding: 'utf8' });
      expect(left.filter((name) => name.includes('.tmp') || name.startsWith('spill'))).toEqual([]);
    },
  );

  test('after its file was renamed but before it was pointed to does not count', async () => {
    await landed('1');
    const { path } = await build(config);
    writeFileSync(join(workspace.warehouse, 'gen-2.duckdb'), readFileSync(path));
    writeFileSync(join(workspace.warehouse, 'gen-3.duckdb.tmp'), 'half');
    await landed('2');

    expect(await build(config)).toMatchObject({ generation: 2, published: true });
    expect(
      readdirSync(workspace.warehouse)
        .filter((name) => name.endsWith('.duckdb'))
        .sort(),
    ).toEqual(['gen-1.duckdb', 'gen-2.duckdb']);
  });
});

describe('a check that fails', () => {
  test('names itself and its rows, and leaves the generation before served', async () => {
    await landed('1');
    await build(config);
    await landed('2');
    const modelFolder = modelWithCheck(
      'no_charge_is_two',
      'SELECT ServiceName, BilledCost FROM stg_charges WHERE BilledCost = 2',
    );

    await expect(build(config, { modelFolder })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringMatching(/no_charge_is_two[^]*1 rows[^]*Compute Engine[^]*2\.000000000/),
    });

    expect(await servedTotal()).toBe('1.000000000');
    expect(existsSync(join(workspace.warehouse, 'gen-2.duckdb'))).toBe(false);
  });

  test('may be a header’s: a key that repeats, or sums that do not tie', async () => {
    await landed('1');
    const byMonth = '-- partitioned-by: BillingPeriodStart\n-- key: BillingPeriodStart';
    const keyed = modelWithMart(
      'fct_twice',
      `${byMonth}, ServiceName`,
      `SELECT BillingPeriodStart, ServiceName FROM stg_charges
       UNION ALL SELECT BillingPeriodStart, ServiceName FROM stg_charges`,
    );
    await expect(build(config, { modelFolder: keyed })).rejects.toThrow(/fct_twice has a unique key[^]*Compute Engine/);

    const filled = modelWithMart(
      'fct_empty',
      `${byMonth}, ResourceId`,
      'SELECT BillingPeriodStart, ResourceId FROM stg_charges',
    );
    await expect(build(config, { modelFolder: filled })).rejects.toThrow('fct_empty has its key filled');

    const untied = modelWithMart(
      'fct_half',
      `${byMonth}, ServiceName\n-- reconciles-with: stg_charges by ServiceName on BilledCost`,
      'SELECT BillingPeriodStart, ServiceName, CAST(BilledCost / 2 AS DECIMAL(38, 9)) AS BilledCost FROM stg_charges',
    );
    await expect(build(config, { modelFolder: untied })).rejects.toThrow(
      /fct_half reconciles with stg_charges[^]*"actual BilledCost":"0.500000000","expected BilledCost":"1.000000000"/,
    );

    const missing = modelWithMart(
      'fct_none',
      `${byMonth}, ServiceName\n-- reconciles-with: stg_charges by ServiceName on BilledCost`,
      'SELECT BillingPeriodStart, ServiceName, BilledCost FROM stg_charges WHERE false',
    );
    await expect(build(config, { modelFolder: missing })).rejects.toThrow('"expected BilledCost":"1.000000000"');
  });
});

const modelWithCheck = (name: string, sql: string): string => modelWith('checks', name, `-- Planted.\n${sql}`);
const modelWithMart = (name: string, header: string, sql: string): string =>
  modelWith('marts', name, `-- grain: planted for this test\n${header}\n${sql}`);

/** Google's staging as it is, with one file more. */
function modelWith(layer: string, name: string, text: string): string {
  const own = join(import.meta.dirname, '..', '..', '..', 'model');
  const copy = mkdtempSync(join(folder, 'model-'));
  for (const layerName of ['staging', 'intermediate', 'marts', 'checks']) {
    mkdirSync(join(copy, layerName));
    for (const file of readdirSync(join(own, layerName))) {
      writeFileSync(join(copy, layerName, file), readFileSync(join(own, layerName, file)));
    }
  }
  writeFileSync(join(copy, layer, `${name}.sql`), text);
  return copy;
}
