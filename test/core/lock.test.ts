import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentEffects, type Effects } from '../../core/effects.ts';
import { withWorkspaceLock, workspaceHolder } from '../../core/lock.ts';
import { startTicksOf } from '../../core/process-life.ts';
import { workspaceAt, type Workspace } from '../../core/workspace.ts';

let workspace: Workspace;
let warnings: string[];
let effects: Effects;
beforeEach(() => {
  workspace = workspaceAt(mkdtempSync(join(tmpdir(), 'worthwhile-lock-')));
  warnings = [];
  effects = { ...silentEffects, warn: (message) => warnings.push(message) };
});
afterEach(() => rmSync(workspace.root, { recursive: true }));

/** A lock file as another process would have left it. */
function leaveLock(facts: {
  pid: number;
  host?: string;
  ageMs?: number;
  startTicks?: string | null;
  token?: string;
}): void {
  mkdirSync(workspace.root, { recursive: true });
  const { pid, host = hostname(), startTicks, token = 'theirs' } = facts;
  const since = '2026-10-01T00:00:00.000Z';
  writeFileSync(
    workspace.lock,
    JSON.stringify({ pid, host, command: 'ingest', since, processStart: 1, startTicks, token }),
  );
  const seen = new Date(Date.now() - (facts.ageMs ?? 0));
  utimesSync(workspace.lock, seen, seen);
}

describe('the workspace lock', () => {
  it('is held while the work runs and gone afterwards, also when the work fails', async () => {
    await withWorkspaceLock(workspace, 'run', async () => {
      expect(workspaceHolder(workspace)).toMatchObject({ pid: process.pid, command: 'run' });
    });
    expect(existsSync(workspace.lock)).toBe(false);
    const failing = withWorkspaceLock(workspace, 'run', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(readdirSync(workspace.root)).toEqual([]);
  });

  it('lets one of many in at a time, and tells the others who holds it and since when', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => withWorkspaceLock(workspace, 'build', work)),
    );
    expect(most).toBe(1);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBe(19);
    expect(String(refused[0]?.reason)).toMatch(new RegExp(`worthwhile build.*process ${process.pid} on .* since 20`));
    expect(refused[0]?.reason).toMatchObject({ code: 'WORKSPACE_BUSY', on: workspace.lock });
  });

  it('is taken over from a process that died on this machine, saying so', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    leaveLock({ pid: gone.pid! });
    await withWorkspaceLock(workspace, 'run', async () => {}, effects);
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`took over the lock.*ingest, process ${gone.pid}`))]);
  });

  it('is taken over from an earlier process that had our own process id, as in a container that starts again', async () => {
    leaveLock({ pid: process.pid });
    await expect(withWorkspaceLock(workspace, 'run', async () => 'done', effects)).resolves.toBe('done');
  });

  it('is respected while its process lives on this machine, however long that has been asleep', async () => {
    leaveLock({ pid: process.ppid, startTicks: startTicksOf(process.ppid), ageMs: 3_600_000 });
    await expect(withWorkspaceLock(workspace, 'run', async () => {}, effects)).rejects.toThrow(
      `process ${process.ppid} on`,
    );
    expect(warnings).toEqual([]);
  });

  it.runIf(existsSync('/proc/self/stat'))('is taken over where another process has got the id since', async () => {
    leaveLock({ pid: process.ppid, startTicks: '1' });
    await expect(withWorkspaceLock(workspace, 'run', async () => 'done', effects)).resolves.toBe('done');
  });

  it('fails work that finds itself taken over, and leaves the lock of the one who did', async () => {
    const reached: string[] = [];
    const work = withWorkspaceLock(workspace, 'run', async (held) => {
      held.assertHeld?.();
      reached.push('held');
      leaveLock({ pid: 1, host: 'elsewhere' });
      held.assertHeld?.();
      reached.push('published');
    });
    await expect(work).rejects.toMatchObject({ code: 'WORKSPACE_BUSY', on: workspace.lock });
    expect(reached).toEqual(['held']);
    expect(JSON.parse(readFileSync(workspace.lock, 'utf8'))).toMatchObject({ token: 'theirs' });
  });

  it('fails it at its next step, too', async () => {
    const work = withWorkspaceLock(workspace, 'run', async (held) => {
      held.progress({ step: 'first', fraction: 0 });
      leaveLock({ pid: 1, host: 'elsewhere' });
      held.progress({ step: 'second', fraction: 0.5 });
      throw new Error('went on');
    });
    await expect(work).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });
  });

  it('puts back a lock that changed hands while it was judged to be stale', async () => {
    leaveLock({ pid: 1, host: 'elsewhere', ageMs: 11 * 60_000 });
    let readings = 0;
    const clock = (): Date => {
      const judged = new Date();
      // The first reading dates our own lock; the second one is the judgement, after the lock was read.
      if (++readings === 2) {
        const old = statSync(workspace.lock).mtime;
        leaveLock({ pid: 1, host: 'elsewhere', token: 'second' });
        utimesSync(workspace.lock, old, old);
      }
      return judged;
    };
    const refused = withWorkspaceLock(workspace, 'run', async () => {}, { ...effects, now: clock });
    await expect(refused).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });
    expect(JSON.parse(readFileSync(workspace.lock, 'utf8'))).toMatchObject({ token: 'second' });
    expect(readdirSync(workspace.root)).toEqual(['run.lock']);
  });

  it('is respected where its holder lives on another machine, until it has been silent for ten minutes', async () => {
    leaveLock({ pid: 1, host: 'elsewhere', ageMs: 9 * 60_000 });
    await expect(withWorkspaceLock(workspace, 'run', async () => {}, effects)).rejects.toThrow(
      /process 1 on elsewhere/,
    );
    leaveLock({ pid: 1, host: 'elsewhere', ageMs: 11 * 60_000 });
    await expect(withWorkspaceLock(workspace, 'run', async () => 'done', effects)).resolves.toBe('done');
  });

  it('is replaced where it cannot be read', async () => {
    writeFileSync(workspace.lock, '{"pid":');
    await withWorkspaceLock(workspace, 'run', async () => {}, effects);
    expect(warnings).toEqual([expect.stringMatching(/unreadable/)]);
  });

  it('goes with a process that is told to end in the middle of its work', async () => {
    const script = `
      import { withWorkspaceLock } from ${JSON.stringify(join(import.meta.dirname, '../../core/lock.ts'))};
      import { workspaceAt } from ${JSON.stringify(join(import.meta.dirname, '../../core/workspace.ts'))};
      process.on('SIGTERM', () => process.exit(143));
      setInterval(() => {}, 1000);
      await withWorkspaceLock(workspaceAt(${JSON.stringify(workspace.root)}), 'run', () => { console.log('held'); return new Promise(() => {}); });
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(JSON.parse(readFileSync(workspace.lock, 'utf8'))).toMatchObject({ pid: child.pid });
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(existsSync(workspace.lock)).toBe(false);
  });
});
