import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { silentEffects } from '../../core/effects.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';

/**
 * Every folder under `cases` is a whole company: `input` holds its configuration, exports and catalog, `expected` the
 * chargeback of each month as reckoned by hand. Nothing here writes an expectation.
 */
const cases = join(import.meta.dirname, 'cases');
const scratch = mkdtempSync(join(tmpdir(), 'worthwhile-golden-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(readdirSync(cases))('%s', (name) => {
  test('charges each squad to the last nano-unit what was reckoned by hand', async () => {
    const folder = join(scratch, name);
    cpSync(join(cases, name, 'input'), folder, { recursive: true });
    const config = loadConfig(join(folder, 'worthwhile.yaml'));

    await ingest(config, {}, silentEffects);
    const built = await build(config, {}, silentEffects);

    const expectedFiles = readdirSync(join(cases, name, 'expected')).sort();
    const months = expectedFiles.map((file) => /chargeback-(.*)\.csv/.exec(file)![1]!);
    const charged = await chargeback(built.path);
    expect(Object.keys(charged).sort()).toEqual(months);
    for (const [index, month] of months.entries()) {
      const expected = readFileSync(join(cases, name, 'expected', expectedFiles[index]!), 'utf8').trim().split('\n');
      expect(charged[month]).toEqual(expected.slice(1).sort());
    }
  });
});

async function chargeback(path: string): Promise<Record<string, string[]>> {
  const database = await openDatabase();
  await database.connection.run(`ATTACH ${sqlText(path)} AS warehouse (READ_ONLY)`);
  const rows = await selectRows<Record<string, string | null>>(
    database.connection,
    `SELECT strftime(BillingPeriodStart, '%Y-%m') AS BillingPeriod, SquadId,
       CASE WHEN SquadId = 'unallocated' THEN '' ELSE SquadName END AS SquadName, CostCentre, ComponentId, ServiceName,
       ChargeKind, BillingCurrency, ListCost, ContractedCost, BilledCost, EffectiveCost
     FROM warehouse.fct_chargeback`,
  );
  database.close();
  const byMonth: Record<string, string[]> = {};
  for (const row of rows) {
    (byMonth[row['BillingPeriod']!] ??= []).push(Object.values(row).map((value) => value ?? '').join(','));
  }
  for (const lines of Object.values(byMonth)) lines.sort();
  return byMonth;
}
