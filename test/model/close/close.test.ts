import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closedMonths } from '../../../core/closes.ts';
import { parseConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';
import { openDatabase, selectRows, sqlText } from '../../../core/duckdb.ts';
import { silentEffects } from '../../../core/effects.ts';
import { workspaceAt, type Workspace } from '../../../core/workspace.ts';
import { build } from '../../../model/build.ts';
import { closeMonth, reopenMonth, type CloseReport } from '../../../model/close/close.ts';
import { verify } from '../../../model/close/verify.ts';
import { currentGeneration } from '../../../model/generation.ts';
import { land } from '../lake.ts';

let folder: string;
let workspace: Workspace;
let config: Config;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worthwhile-close-'));
  config = parseConfig('sources: [{ name: gcp, kind: gcp-billing-detailed, files: [x] }]', join(folder, 'w.yaml'));
  workspace = workspaceAt(config.workspace);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const effects = { ...silentEffects, now: () => new Date('2026-09-01T00:00:00Z') };
const charge = (month: string, cost: string): Record<string, unknown> => ({
  service: { id: 'S', description: 'Compute Engine' },
  sku: { id: 'K', description: 'N2 Core' },
  project: { id: `p-${cost}` },
  usage_start_time: `${month}-10T12:00:00Z`,
  export_time: `${month}-10T20:00:00Z`,
  cost,
  currency: 'USD',
  invoice: { month: month.replace('-', '') },
  cost_type: 'regular',
});

/** Lands charges by month, each a partition of its own, and builds. */
async function publish(costs: Record<string, string>): Promise<void> {
  const partitions = Object.entries(costs).map(([name, cost]) => [name, { rows: [charge(name.slice(0, 7), cost)] }]);
  await land(workspace, Object.fromEntries(partitions));
  await build(config, {}, effects);
}

async function close(month: string, more: { accept?: boolean; check?: boolean } = {}): Promise<CloseReport> {
  const request = { month, by: 'Jo', reason: null, accept: true, check: false, ...more };
  const report = await closeMonth(config, request, effects);
  await build(config, {}, effects);
  return report;
}

async function reopen(month: string): Promise<void> {
  reopenMonth(config, { month, by: 'Kim', reason: 'a wrong share' }, effects);
  await build(config, {}, effects);
}

async function charged(): Promise<string[]> {
  const database = await openDatabase();
  try {
    await database.connection.run(`ATTACH ${sqlText(currentGeneration(workspace)!.path)} AS warehouse (READ_ONLY)`);
    const rows = await selectRows<{ line: string }>(
      database.connection,
      `SELECT strftime(BillingPeriodStart, '%m') || ' ' || ChargeKind || ' ' || CAST(sum(BilledCost)::DECIMAL(38, 1) AS VARCHAR) AS line
       FROM warehouse.fct_chargeback GROUP BY BillingPeriodStart, ChargeKind ORDER BY 1`,
    );
    return rows.map(({ line }) => line);
  } finally {
    database.close();
  }
}

const wrong = async (): Promise<string[]> =>
  (await verify(config))
    .filter(({ status }) => status !== 'ok')
    .map(({ what, status, detail }) => `${status} ${what}: ${detail}`);
const sealedFile = (name: string): string => join(workspace.ledger, 'closes', name);

describe('closing', () => {
  test('is refused where the month is unknown, closed, not in turn, or not what the workspace would give', async () => {
    await publish({ '2026-05': '1', '2026-06': '2', '2026-07': '3' });

    await expect(close('2026-04')).rejects.toThrow(
      /it has no charges[^]*months with charges: 2026-05, 2026-06, 2026-07/,
    );
    await close('2026-05');
    await expect(close('2026-05')).rejects.toThrow(
      /closed already, as version 1, on 2026-09-01 by Jo[^]*reopen 2026-05/,
    );
    await expect(close('2026-07')).rejects.toThrow(/2026-06 comes before it and is open[^]*close 2026-06/);
    await land(workspace, { '2026-06': { rows: [charge('2026-06', '9')] } });
    await expect(close('2026-06')).rejects.toThrow(/not made from what lies in the workspace[^]*worthwhile build/);
    expect(closedMonths(workspace).map(({ month }) => month)).toEqual(['2026-05']);
  });

  test('where there is reason to wait takes a yes, which is kept with the reason to wait', async () => {
    await publish({ '2026-05': '1' });

    await expect(close('2026-05', { accept: false })).rejects.toThrow(
      /reason to wait; coverage: 100.0 % of USD spend has no owner; freshness[^]*--yes/,
    );
    expect(await close('2026-05', { check: true })).toMatchObject({ closed: null });
    expect(closedMonths(workspace)).toEqual([]);
    const { closed } = await close('2026-05');
    expect(closed!.accepted[0]).toBe('coverage: 100.0 % of USD spend has no owner');
    expect(closed).toMatchObject({ version: 1, totals: { USD: { BilledCost: '1.000000000' } }, previousSeal: null });
  });

  test('carries what changes in closed months to the month after the last, once', async () => {
    await publish({ '2026-05': '1', '2026-06': '2' });
    const first = await close('2026-05');
    await publish({ '2026-05': '1', '2026-05 late': '10', '2026-06': '2' });
    expect(await charged()).toEqual(['05 Unallocated 1.0', '06 TrueUp 10.0', '06 Unallocated 2.0']);

    const second = await close('2026-06');
    await publish({ '2026-05': '1', '2026-05 late': '10', '2026-05 later': '100', '2026-06': '2' });

    expect(second.closed!.previousSeal).toBe(first.closed!.seal);
    expect(await charged()).toEqual(['05 Unallocated 1.0', '06 TrueUp 10.0', '06 Unallocated 2.0', '07 TrueUp 100.0']);
    expect(await wrong()).toEqual([]);
  });

  test('that is not published yet stands all the same', async () => {
    await publish({ '2026-05': '1' });
    await closeMonth(config, { month: '2026-05', by: 'Jo', reason: null, accept: true, check: false }, effects);

    expect(await wrong()).toEqual([
      'warning published 2026-05: as sealed, but not yet published as closed: run `worthwhile build`',
    ]);
    await publish({ '2026-05': '1', '2026-05 late': '10' });
    expect(await charged()).toEqual(['05 Unallocated 1.0', '06 TrueUp 10.0']);
  });

  test('made no month anew, and a build of the whole gives the same', async () => {
    await publish({ '2026-05': '1', '2026-06': '2' });
    await closeMonth(config, { month: '2026-05', by: 'Jo', reason: null, accept: true, check: false }, effects);
    expect(await build(config, {}, effects)).toMatchObject({ published: true, monthsMade: [] });
    expect(await build(config, {}, effects)).toMatchObject({ published: false });
    const partly = await charged();
    await build(config, { force: true }, effects);
    expect(await charged()).toEqual(partly);
  });
});

describe('reopening', () => {
  test('gives the month back to the bills, keeps what was sealed, and the next close is another version', async () => {
    await publish({ '2026-05': '1', '2026-06': '2' });
    const { closed } = await close('2026-05');
    const sealed = readFileSync(sealedFile('2026-05-v1.jsonl'), 'utf8');
    await publish({ '2026-05': '1', '2026-05 late': '10', '2026-06': '2' });

    await reopen('2026-05');
    expect(await charged()).toEqual(['05 Unallocated 11.0', '06 Unallocated 2.0']);
    const again = await close('2026-05');

    expect(again.closed).toMatchObject({ version: 2, previousSeal: closed!.seal });
    expect(readFileSync(sealedFile('2026-05-v1.jsonl'), 'utf8')).toBe(sealed);
    expect(await charged()).toEqual(['05 Unallocated 11.0', '06 Unallocated 2.0']);
    expect(await wrong()).toEqual([]);
  });

  test('is refused where nothing is closed, and where a later closed month holds true-ups of it', async () => {
    await publish({ '2026-05': '1', '2026-06': '2' });
    await expect(reopen('2026-05')).rejects.toThrow('it is not closed');
    await close('2026-05');
    await publish({ '2026-05': '3', '2026-06': '2' });
    await close('2026-06');

    await expect(reopen('2026-05')).rejects.toThrow(/2026-06 is closed and holds true-ups of it[^]*reopen 2026-06/);
    await reopen('2026-06');
    await reopen('2026-05');
    expect(await charged()).toEqual(['05 Unallocated 3.0', '06 Unallocated 2.0']);
    expect(await wrong()).toEqual([]);
  });
});

describe('verify', () => {
  beforeEach(async () => {
    await publish({ '2026-05': '1', '2026-05 more': '20', '2026-06': '2' });
    await close('2026-05');
  });

  test('names the row, the bytes and the column of a sealed file that was changed, and nothing is built on it', async () => {
    const path = sealedFile('2026-05-v1.jsonl');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"BilledCost":"21.000000000"', '"BilledCost":"12.000000000"'));

    expect(await wrong()).toEqual([
      `failed seal of 2026-05, version 1: ${path} differs from row 1 on (bytes 0 to ${text.length - 1}); BilledCost is "12.000000000", published is "21.000000000"`,
    ]);
    await land(workspace, { '2026-06': { rows: [charge('2026-06', '9')] } });
    await expect(build(config, {}, effects)).rejects.toThrow(
      /sealed rows of 2026-05 are not as they were sealed[^]*verify/,
    );
  });

  test('tells of a sealed file that was cut off, added to or is gone', async () => {
    const path = sealedFile('2026-05-v1.jsonl');
    const text = readFileSync(path, 'utf8');
    truncateSync(path, 100);
    expect(await wrong()).toEqual([
      expect.stringMatching(/row 1 on \(bytes 0 to 100\), which cannot be read as a row$/),
    ]);
    writeFileSync(path, '');
    expect(await wrong()).toEqual([
      expect.stringMatching(/has 0 rows in 0 bytes, and sealed are 1 in \d+: it was cut off/),
    ]);
    writeFileSync(path, text);
    appendFileSync(path, text);
    expect(await wrong()).toEqual([expect.stringMatching(/differs from row 2 on/)]);
    rmSync(path);
    expect(await wrong()).toEqual([expect.stringMatching(/2026-05-v1\.jsonl is gone$/)]);
  });

  test('tells of a decision that was changed or taken away, also when the chain itself is whole', async () => {
    const path = join(workspace.ledger, 'decisions', '000001.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"by":"Jo"', '"by":"Al"'));
    expect(await wrong()).toEqual([`failed ledger: ${path} was changed: it does not match its own hash`]);
    rmSync(path);
    expect(await wrong()).toEqual([
      expect.stringMatching(/^warning ledger: no decision names .*2026-05-v1\.jsonl/),
      expect.stringMatching(
        /^failed published 2026-05: published with seal [0-9a-f]{64}, which no close in the ledger bears/,
      ),
    ]);
  });

  test('tells of a published month that is not as sealed', async () => {
    const database = await openDatabase({ path: currentGeneration(workspace)!.path });
    await database.connection.run(
      "UPDATE fct_chargeback SET SquadName = 'Other' WHERE BillingPeriodStart = DATE '2026-05-01'",
    );
    database.close();

    expect(await wrong()).toEqual([
      'failed published 2026-05: not as sealed: row 1 (unallocated, no component, Compute Engine): SquadName is "Other", sealed is "Unallocated"',
    ]);
  });

  test('does not mind what a close left that was killed before it decided; the next one takes its place', async () => {
    writeFileSync(sealedFile('2026-06-v1.jsonl'), 'half');
    expect(await wrong()).toEqual([expect.stringMatching(/^warning ledger: no decision names .*2026-06-v1/)]);

    await close('2026-06');

    expect(await wrong()).toEqual([]);
    expect(readdirSync(join(workspace.ledger, 'closes'))).toEqual(['2026-05-v1.jsonl', '2026-06-v1.jsonl']);
  });
});
