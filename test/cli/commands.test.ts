import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worthwhile } from './shell.ts';

const company = join(import.meta.dirname, '..', 'golden', 'cases', 'gcp-every-trap', 'input');
const scratch = mkdtempSync(join(tmpdir(), 'worthwhile-cli-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A folder of its own, with a small company and its configuration in it. */
function companyFolder(name: string): string {
  const folder = join(scratch, name);
  cpSync(company, folder, { recursive: true });
  return folder;
}

function emptyFolder(name: string): string {
  return mkdtempSync(join(scratch, `${name}-`));
}

describe('a line that cannot be understood', () => {
  it('exits with 2 and names the near command or option', async () => {
    const folder = emptyFolder('typo');
    const [command, option, month] = await Promise.all([
      worthwhile(folder, 'rnu'),
      worthwhile(folder, 'run', '--sorce', 'gcp'),
      worthwhile(folder, 'export', 'chargeback', '--month', 'September'),
    ]);
    expect(command).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/unknown command 'rnu'\n\(Did you mean run\?\)/),
    });
    expect(option).toMatchObject({ code: 2, err: expect.stringMatching(/Did you mean --source\?/) });
    expect(month).toMatchObject({ code: 2, err: expect.stringMatching(/2026-09/) });
  });

  it('exits with 2 where the configuration is missing or wrong, saying where and what instead', async () => {
    const folder = emptyFolder('config');
    expect(await worthwhile(folder, 'run')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(
        /there is no configuration file\n {2}on: .*worthwhile.yaml\n {2}next: run `worthwhile init`/,
      ),
    });
    writeFileSync(
      join(folder, 'worthwhile.yaml'),
      'curency: USD\nsources:\n  - { name: a, kind: focus, files: [x.csv] }\n',
    );
    const wrong = await worthwhile(folder, 'run', '--json');
    expect(wrong).toMatchObject({
      code: 2,
      err: expect.stringMatching(/unknown key "curency" \(line 1\); did you mean "currency"\?/),
    });
    expect(JSON.parse(wrong.out)).toMatchObject({ error: { code: 'CONFIG_INVALID' } });
  });
});

describe('init', () => {
  it('writes a configuration that loads, says which source has no files, and never overwrites unasked', async () => {
    const folder = emptyFolder('init');
    const first = await worthwhile(folder, 'init', '--kind', 'focus', '--files', './bills/*.csv');
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/source billing: no billing file matches .*bills\/\*\.csv/),
    });
    writeFileSync(join(folder, 'worthwhile.yaml'), 'mine');
    expect(await worthwhile(folder, 'init')).toMatchObject({ code: 2, err: expect.stringMatching(/--force/) });
    expect(readFileSync(join(folder, 'worthwhile.yaml'), 'utf8')).toBe('mine');
  });
});

describe('run', () => {
  let folder: string;
  beforeAll(async () => {
    folder = companyFolder('run');
    expect(await worthwhile(folder, 'run')).toMatchObject({ code: 0 });
  });

  it('publishes, and the second time finds nothing to do', async () => {
    const again = await worthwhile(folder, 'run', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ build: { published: false, generation: 1 }, skipped: [] });
  });

  it('prints a chargeback that a pipe can read: nothing but the file on standard output', async () => {
    const month = await worthwhile(folder, 'export', 'chargeback', '--month', '2026-09');
    expect(month.code).toBe(0);
    expect(month.out.split('\n')[0]).toBe(
      'BillingPeriod,SquadId,SquadName,CostCentre,ComponentId,ServiceName,ChargeKind,BillingCurrency,ListCost,ContractedCost,BilledCost,EffectiveCost',
    );
  });

  it('is found in order by the doctor', async () => {
    const doctor = await worthwhile(folder, 'doctor', '--json');
    const { findings } = JSON.parse(doctor.out) as { findings: { what: string; status: string; detail: string }[] };
    expect(findings.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(findings.find(({ what }) => what === 'reconciliation')?.detail).toMatch(/sums tie exactly/);
    expect(doctor.code).toBe(0);
  });

  it('passes a pool on, and the month ties as before', async () => {
    const pooled = companyFolder('pools');
    const month = async (): Promise<Record<string, string>[]> =>
      JSON.parse((await worthwhile(pooled, 'export', 'chargeback', '--month', '2026-09', '--format', 'json')).out);
    const sum = (rows: Record<string, string>[], kind?: string): bigint =>
      rows
        .filter((row) => kind === undefined || row['ChargeKind'] === kind)
        .reduce((total, row) => total + BigInt(row['BilledCost']!.replace('.', '')), 0n);
    await worthwhile(pooled, 'run');
    const before = await month();
    const config = join(pooled, 'worthwhile.yaml');
    writeFileSync(
      config,
      `${readFileSync(config, 'utf8')}\npools:\n  - { name: usage, of: { chargeCategory: Usage, service: '*' }, method: even, include: [newcomers] }\n`,
    );

    expect(await worthwhile(pooled, 'run')).toMatchObject({ code: 0 });

    const after = await month();
    expect(sum(after)).toBe(sum(before));
    expect(sum(after, 'SharedIn')).toBeGreaterThan(0n);
    expect(sum(after, 'SharedIn') + sum(after, 'SharedOut')).toBe(0n);
    expect(after.filter((row) => row['ChargeKind'] === 'SharedIn').map((row) => row['SquadId'])).toContain('newcomers');
  });

  it('exits with 3 where a source was renamed, and counts its files once, under the new name', async () => {
    const renamed = companyFolder('renamed');
    const month = () => worthwhile(renamed, 'export', 'chargeback', '--month', '2026-09');
    await worthwhile(renamed, 'run');
    const before = await month();
    const config = join(renamed, 'worthwhile.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replace('name: gcp', 'name: google'));

    const run = await worthwhile(renamed, 'run');

    expect(run).toMatchObject({
      code: 3,
      err: expect.stringMatching(/skipped, .*\n {2}source "gcp": is in the lake but not in/),
    });
    expect((await month()).out).toBe(before.out);
  });

  it('exits with 1 naming the corrupt file, and leaves what it published before', async () => {
    const broken = companyFolder('broken');
    expect((await worthwhile(broken, 'run')).code).toBe(0);
    const exports = join(broken, 'export');
    writeFileSync(join(exports, 'part-9.ndjson'), '{"cost": 1, \n');
    const run = await worthwhile(broken, 'run');
    expect(run).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/part-9\.ndjson/) });
    expect(readFileSync(join(broken, 'data', 'warehouse', 'current'), 'utf8').trim()).toBe('gen-1.duckdb');
    rmSync(join(exports, 'part-9.ndjson'));
    expect(readdirSync(join(broken, 'data'))).not.toContain('run.lock');
    expect((await worthwhile(broken, 'export', 'chargeback', '--month', '2026-09')).code).toBe(0);
  });

  it('refuses while another process holds the workspace, saying who and since when', async () => {
    const busy = companyFolder('busy');
    const facts = { pid: process.pid, host: hostname(), command: 'run', since: '2026-10-01T08:00:00.000Z' };
    cpSync(join(folder, 'data'), join(busy, 'data'), { recursive: true });
    writeFileSync(join(busy, 'data', 'run.lock'), JSON.stringify({ ...facts, processStart: 1, token: 'theirs' }));
    expect(await worthwhile(busy, 'build')).toMatchObject({
      code: 1,
      err: expect.stringMatching(new RegExp(`process ${process.pid} on .* since 2026-10-01T08:00:00`)),
    });
  });
});
