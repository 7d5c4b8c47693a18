import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runInChild } from '../../api/schedule/child.ts';
import { runHistory } from '../../core/run-record.ts';
import { workspaceAt, type Workspace } from '../../core/workspace.ts';
import { worthwhile } from './shell.ts';

const company = join(import.meta.dirname, '..', 'golden', 'cases', 'gcp-every-trap', 'input');
const binary = join(import.meta.dirname, '..', '..', 'bin', 'worthwhile.cjs');
const scratch = mkdtempSync(join(tmpdir(), 'worthwhile-schedule-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function companyFolder(name: string): { folder: string; config: string; workspace: Workspace } {
  const folder = join(scratch, name);
  cpSync(company, folder, { recursive: true });
  return { folder, config: join(folder, 'worthwhile.yaml'), workspace: workspaceAt(join(folder, 'data')) };
}

describe('a run that a schedule begins', () => {
  it('is a process of its own, and is known in the history as scheduled', async () => {
    const { config, workspace } = companyFolder('child');

    expect(await runInChild(binary, config).ended).toEqual({ failed: false, words: 'is done' });
    expect(runHistory(workspace).list()).toMatchObject([
      { trigger: 'schedule', outcome: 'done', build: { published: true } },
    ]);
  });

  it('that is asked to stop ends at once and is known as interrupted', async () => {
    const { config, workspace } = companyFolder('stopped');
    const run = runInChild(binary, config);
    while (!existsSync(workspace.runs) || readdirSync(workspace.runs).every((name) => name.startsWith('.'))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    run.stop();

    expect(await run.ended).toMatchObject({ failed: true, words: expect.stringMatching(/143|SIGTERM/) });
    expect(runHistory(workspace).list()).toMatchObject([{ outcome: 'interrupted', exitCode: 143 }]);
  });

  it('that cannot even begin says so', async () => {
    const { folder } = companyFolder('no-config');

    expect(await runInChild(binary, join(folder, 'missing.yaml')).ended).toMatchObject({
      failed: true,
      words: expect.stringContaining('exit code 2'),
    });
  });
});

describe('serve --schedule', () => {
  it('shows the next three times, tells them over the API, and ends in order when told to', async () => {
    const { folder } = companyFolder('serve');
    const line = ['serve', '--port', '0', '--json', '--schedule', '0 6 1 1 *', '--schedule-timezone', 'UTC'];
    const child = spawn(process.execPath, [binary, ...line], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    const scheduled = new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
        if (err.includes('schedule:')) resolve();
      });
    });
    const [out] = (await once(child.stdout, 'data')) as [Buffer];
    await scheduled;
    const { url } = JSON.parse(out.toString()) as { url: string };
    const answer = await (await fetch(`${url}/api/v1/runs`)).json();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];

    expect(err).toMatch(/schedule: "0 6 1 1 \*" \(UTC\), next (\d{4}-01-01 06:00 UTC(, )?){3}\n/);
    expect(answer).toMatchObject({
      schedule: { expression: '0 6 1 1 *', timezone: 'UTC', nextRunAt: expect.stringMatching(/-01-01T06:00/) },
    });
    expect(code).toBe(0);
  });

  it('is looked at by the doctor where the configuration names it', async () => {
    const [good, bad] = [companyFolder('doctor'), companyFolder('doctor-bad')];
    appendFileSync(good.config, "serve: { schedule: '0 6 1 1 *', scheduleTimezone: UTC }\n");
    appendFileSync(bad.config, 'serve: { schedule: at six }\n');
    const [fine, wrong] = await Promise.all([worthwhile(good.folder, 'doctor'), worthwhile(bad.folder, 'doctor')]);

    expect(fine.out).toMatch(/✔ schedule: "0 6 1 1 \*" \(UTC\), next \d{4}-01-01 06:00 UTC/);
    expect(wrong).toMatchObject({ code: 1, out: expect.stringMatching(/✖ schedule: "at six" is not a schedule/) });
  });

  it('refuses what is no schedule with an example and exit code 2, before it listens', async () => {
    const { folder } = companyFolder('refused');
    const [wrong, zone] = await Promise.all([
      worthwhile(folder, 'serve', '--port', '0', '--schedule', 'daily at six'),
      worthwhile(folder, 'serve', '--port', '0', '--schedule-timezone', 'UTC'),
    ]);

    expect(wrong).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/is not a schedule: .*\n.*'0 6 \* \* \*'/s),
    });
    expect(zone).toMatchObject({ code: 2, out: '', err: expect.stringContaining('no schedule') });
  });
});
