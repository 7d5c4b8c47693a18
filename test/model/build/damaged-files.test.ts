import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
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
import { land } from '../lake.ts';

let folder: string;
let workspace: Workspace;
let config: Config;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'worthwhile-damaged-'));
  config = parseConfig(
    'sources: [{ name: gcp, kind: gcp-billing-detailed, files: [x] }]',
    join(folder, 'worthwhile.yaml'),
  );
  workspace = workspaceAt(config.workspace);
  await land(workspace, { 'day-1': { rows: [row('2026-03-02', '1.25'), row('2026-03-03', '2')] } });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const row = (day: string, cost: string): Record<string, unknown> => ({
  billing_account_id: '010101-F0FFF0-61C528',
  service: { id: '6F81-5844-456A', description: 'Compute Engine' },
  sku: { id: '2E27-4F75-95CD', description: 'N2 Instance Core running in EMEA' },
  usage_start_time: `${day}T12:00:00Z`,
  export_time: `${day}T20:00:00Z`,
  cost,
  currency: 'USD',
  invoice: { month: '202603' },
  cost_type: 'regular',
  labels: Array.from({ length: 40 }, (_, index) => ({ key: `key-${index}`, value: `${day}-${index * 7919}` })),
});

async function billed(path: string): Promise<unknown> {
  const database = await openDatabase();
  await database.connection.run(`ATTACH ${sqlText(path)} AS warehouse (READ_ONLY)`);
  const [total] = await selectRows<{ total: string }>(
    database.connection,
    'SELECT sum(BilledCost) AS "total" FROM warehouse.fct_chargeback',
  );
  database.close();
  return total!.total;
}

describe('compacted charges, which can be made again from the lake', () => {
  test.each([
    ['a Parquet file cut short', (segment: string) => truncateSync(join(segment, 'charges.parquet'), 100)],
    ['an unreadable segment.json', (segment: string) => writeFileSync(join(segment, 'segment.json'), '{"version":')],
    ['a missing file', (segment: string) => rmSync(join(segment, 'label-sets.parquet'))],
  ])('are made again after %s, with a warning and the same money', async (_, damage) => {
    await build(config, {}, silentEffects);
    for (const segment of segments()) damage(segment);
    const warnings: string[] = [];

    const again = await build(config, { force: true }, { ...silentEffects, warn: (message) => warnings.push(message) });

    expect(again).toMatchObject({ published: true, compactedBatches: 1 });
    expect(await billed(again.path)).toBe('3.250000000');
    expect(warnings.join('\n')).toContain('made again from the lake');
  });

  test('are not disturbed by files that something else left between them', async () => {
    await build(config, {}, silentEffects);
    for (const place of ['', ...readdirSync(workspace.compacted)]) {
      writeFileSync(join(workspace.compacted, place, '.DS_Store'), 'x');
    }

    expect(await build(config, { force: true }, silentEffects)).toMatchObject({ published: true, reusedBatches: 1 });
  });
});

test('a landed file that is damaged inside stops the build with the name of the file at its source', async () => {
  const damaged = currentBatches(workspace)[0]!.files[0]!;
  await damagePages(damaged, 'labels');

  await expect(build(config, {}, silentEffects)).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    on: expect.stringContaining('day-1'),
  });
});

function segments(): string[] {
  return readdirSync(workspace.compacted, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('segment.json'))
    .map((name) => join(workspace.compacted, name, '..'));
}

async function damagePages(path: string, column: string): Promise<void> {
  const { connection, close } = await openDatabase({ threads: 1 });
  const pages = await selectRows<{ at: string; size: string }>(
    connection,
    `SELECT data_page_offset AS at, total_compressed_size AS size FROM parquet_metadata(${sqlText(path)})
     WHERE starts_with(path_in_schema, $1::VARCHAR)`,
    [column],
  );
  close();
  const bytes = readFileSync(path);
  for (const { at, size } of pages) bytes.fill(0x5a, Number(at) + 10, Number(at) + Number(size) - 10);
  writeFileSync(path, bytes);
}
