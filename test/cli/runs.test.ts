import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, selectRows, sqlText } from '../../core/duckdb.ts';
import { withWorkspaceLock } from '../../core/lock.ts';
import { newRun, runHistory, writeRun } from '../../core/run-record.ts';
import { workspaceAt, type Workspace } from '../../core/workspace.ts';
import { worthwhile } from './shell.ts';

const company = join(import.meta.dirname, '..', 'golden', 'cases', 'gcp-every-trap', 'input');
const binary = join(import.meta.dirname, '..', '..', 'bin', 'worthwhile.cjs');
const scratch = mkdtempSync(join(tmpdir(), 'worthwhile-runs-cli-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function companyFolder(name: string): { folder: string; workspace: Workspace } {
  const folder = join(scratch, name);
  cpSync(company, folder, { recursive: true });
  return { folder, workspace: workspaceAt(join(folder, 'data')) };
}

describe('runs on the command line', () => {
  const { folder, workspace } = companyFolder('history');
  beforeAll(async () => {
    expect(await worthwhile(folder, 'runs')).toMatchObject({ code: 0, out: 'nothing has run in this workspace yet\n' });
    expect(await worthwhile(folder, 'run', '--trigger', 'schedule')).toMatchObject({ code: 0 });
  });

  it('are kept with what landed, what was built and how long its stages took', () => {
    const [run, ...others] = runHistory(workspace).list();
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      command: 'run',
      trigger: 'schedule',
      outcome: 'done',
      exitCode: 0,
      error: null,
      build: { generation: 1, published: true },
    });
    expect(run!.sources.length).toBeGreaterThan(0);
    for (const source of run!.sources) {
      expect(source).toMatchObject({ landed: expect.any(Number), pulled: null });
      expect(source.rows > 0).toBe(source.landed > 0);
      expect(source.bytes > 0).toBe(source.landed > 0);
    }
    expect(run!.build!.stages.map(({ name }) => name)).toContain('compaction');
  });

  it('publish nothing new only because a run was recorded', async () => {
    const again = await worthwhile(folder, 'run', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ build: { published: false, generation: 1 } });
    const [last] = runHistory(workspace).list();
    expect(last).toMatchObject({ trigger: 'command line', outcome: 'done', build: { published: false, stages: [] } });
    expect(last!.sources.reduce((sum, { landed }) => sum + landed, 0)).toBe(0);
  });

  it('are published with the next generation, without the one that builds it', async () => {
    expect(await worthwhile(folder, 'build', '--force')).toMatchObject({ code: 0 });
    const database = await openDatabase({ threads: 1 });
    const [building, ...before] = runHistory(workspace).list();
    await database.connection.run(
      `ATTACH ${sqlText(join(workspace.warehouse, 'gen-2.duckdb'))} AS published (READ_ONLY)`,
    );
    const runs = await selectRows(
      database.connection,
      `SELECT x_RunId, x_Outcome, x_RowCount = (SELECT sum(x_RowCount) FROM published.fct_run_source AS s
         WHERE s.x_RunId = r.x_RunId) AS ties
       FROM published.fct_run AS r ORDER BY x_RunId DESC`,
    );
    database.close();

    expect(building).toMatchObject({ command: 'build', outcome: 'done', build: { generation: 2, published: true } });
    expect(runs).toEqual(before.map(({ id, outcome }) => ({ x_RunId: id, x_Outcome: outcome, ties: true })));
    expect(runs.length).toBeGreaterThan(0);
  });

  it('are listed for people and for machines', async () => {
    const [words, json] = await Promise.all([
      worthwhile(folder, 'runs'),
      worthwhile(folder, 'runs', '--json', '--limit', '1'),
    ]);
    const count = runHistory(workspace).list().length;
    expect(words.out.trim().split('\n')).toHaveLength(count);
    expect(words.out).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}run +done +2 landed, 24 rows; generation 1 \(/);
    expect(JSON.parse(json.out)).toMatchObject({ count, runs: [{ outcome: 'done' }] });
    expect(json.out).not.toContain('"pid"');
  });

  it('say what BigQuery billed, also where they failed, and name what was skipped', async () => {
    const paid = companyFolder('paid');
    const of = { queries: 3, bytesProcessed: '1', bytesBilled: '1', transfer: null };
    const counts = { rows: 0, bytes: 0, landed: 0, replaced: 0, unchanged: 1, missing: 0 };
    const sources = ['1.070179', '0.000059'].map((priceUsd, at) => {
      return { name: `bill${at}`, kind: 'gcp-billing-detailed', ...counts, pulled: { ...of, priceUsd } };
    });
    const begun = newRun('ingest', 'schedule', new Date('2026-10-01T06:00:00Z'));
    const skipped = [{ what: '5 rows of acme.billing.t', why: 'in no partition yet' }];
    writeRun(paid.workspace, { ...begun, outcome: 'skipped', exitCode: 3, sources, skipped });
    const error = { code: 'SOURCE_CHANGED', reason: 'it never held still', on: null, next: null };
    const later = newRun('ingest', 'schedule', new Date('2026-10-02T06:00:00Z'));
    writeRun(paid.workspace, { ...later, outcome: 'failed', exitCode: 1, sources: sources.slice(1), error });

    expect((await worthwhile(paid.folder, 'runs')).out.split('\n')).toEqual([
      expect.stringMatching(/it never held still; \$0\.000059 for BigQuery$/),
      expect.stringMatching(/nothing new; \$1\.070238 for BigQuery; 1 skipped$/),
      '    skipped 5 rows of acme.billing.t: in no partition yet',
      '',
    ]);
  });

  it('that are refused because another holds the workspace say who and since when, and leave no trace', async () => {
    const before = runHistory(workspace).list();
    const refused = await withWorkspaceLock(workspace, 'build', () => worthwhile(folder, 'run'));
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(new RegExp(`in use: \`worthwhile build\` \\(process ${process.pid} on .*since 2`)),
    });
    expect(runHistory(workspace).list()).toEqual(before);
  });

  it('that fail are kept with their reason, and the doctor names them with the next step', async () => {
    const broken = companyFolder('broken');
    writeFileSync(join(broken.folder, 'export', 'part-0.ndjson'), '{"no": "bill"}\n');
    expect(await worthwhile(broken.folder, 'run')).toMatchObject({ code: 1 });
    const [failed] = runHistory(broken.workspace).list();
    expect(failed).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      error: { code: expect.stringMatching(/^[A-Z_]+$/) },
    });
    const doctor = await worthwhile(broken.folder, 'doctor', '--json');
    const { findings } = JSON.parse(doctor.out) as { findings: { what: string; status: string; detail: string }[] };
    expect(findings.find(({ what }) => what === 'last run')).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/none has ended well/),
    });
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGKILL', null],
  ] as const)('that are ended by %s are known as interrupted, and the next one goes on', async (signal, code) => {
    const stopped = companyFolder(signal);
    const child = spawn(process.execPath, [binary, 'run', '--quiet'], { cwd: stopped.folder, stdio: 'ignore' });
    while (!existsSync(stopped.workspace.runs) || readdirSync(stopped.workspace.runs).every((n) => n.startsWith('.'))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill(signal);
    await once(child, 'exit');
    const [interrupted] = runHistory(stopped.workspace).list();
    expect(interrupted).toMatchObject({ outcome: 'interrupted', exitCode: code });
    expect(interrupted!.endedAt === null).toBe(code === null);

    expect(await worthwhile(stopped.folder, 'run')).toMatchObject({ code: 0 });
    expect(
      runHistory(stopped.workspace)
        .list()
        .map(({ outcome }) => outcome),
    ).toEqual(['done', 'interrupted']);
    const doctor = await worthwhile(stopped.folder, 'doctor');
    expect(doctor.out).toMatch(/✔ last run: `run` of .*: done/);
  });
});
