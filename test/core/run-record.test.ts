import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withWorkspaceLock } from '../../core/lock.ts';
import { dropOldRuns, newRun, runHistory, writeRun, type RunRecord } from '../../core/run-record.ts';
import { workspaceAt, type Workspace } from '../../core/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = workspaceAt(mkdtempSync(join(tmpdir(), 'worthwhile-runs-')));
});
afterEach(() => rmSync(workspace.root, { recursive: true }));

function leave(startedAt: string, facts: Partial<RunRecord> = {}): RunRecord {
  const record = { ...newRun('run', 'schedule', new Date(startedAt)), ...facts };
  writeRun(workspace, record);
  return record;
}

describe('the run history', () => {
  it('is empty where nothing has run', () => {
    const history = runHistory(workspace);
    expect([history.list(), history.unreadable()]).toEqual([[], []]);
  });

  it('lists runs with the newest first, and sees what is added later', () => {
    const history = runHistory(workspace);
    leave('2026-10-01T06:00:00.000Z', { outcome: 'done' });
    leave('2026-10-02T06:00:00.000Z', { outcome: 'failed' });
    expect(history.list().map(({ outcome }) => outcome)).toEqual(['failed', 'done']);
    leave('2026-10-03T06:00:00.000Z', { outcome: 'skipped' });
    expect(history.list().map(({ outcome }) => outcome)).toEqual(['skipped', 'failed', 'done']);
  });

  it('tells a run that goes on from one whose process is gone', async () => {
    const history = runHistory(workspace);
    await withWorkspaceLock(workspace, 'run', async () => {
      const record = leave('2026-10-01T06:00:00.000Z');
      expect(history.list()[0]).toEqual(record);
    });
    expect(history.list()[0]?.outcome).toBe('interrupted');
  });

  it('does not take another holder of the workspace for the process that began the run', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    const began = newRun('run', 'schedule', new Date('2026-10-01T06:00:00.000Z'));
    leave('2026-10-01T06:00:00.000Z', { process: { ...began.process, pid: gone.pid! } });
    await withWorkspaceLock(workspace, 'build', async () => {
      expect(runHistory(workspace).list()[0]?.outcome).toBe('interrupted');
    });
  });

  it('believes a process that ends its run after it was thought to be gone', () => {
    const history = runHistory(workspace);
    const record = leave('2026-10-01T06:00:00.000Z');
    expect(history.list()[0]?.outcome).toBe('interrupted');
    writeRun(workspace, { ...record, outcome: 'failed', exitCode: 1 });
    expect(history.list()[0]?.outcome).toBe('failed');
  });

  it('keeps the newest and drops the rest', () => {
    for (let day = 1; day <= 5; day++) leave(`2026-10-0${day}T06:00:00.000Z`, { outcome: 'done' });
    const history = runHistory(workspace);
    expect(history.list()).toHaveLength(5);
    dropOldRuns(workspace, 2);
    expect(history.list().map(({ startedAt }) => startedAt.slice(8, 10))).toEqual(['05', '04']);
    expect(readdirSync(workspace.runs)).toHaveLength(2);
  });

  it('leaves out what it cannot read, and says so', () => {
    mkdirSync(workspace.runs, { recursive: true });
    writeFileSync(join(workspace.runs, '20261001T060000000Z-abcdef.json'), '{"version":1');
    writeFileSync(join(workspace.runs, 'notes.json'), 'somebody else put this here');
    const done = leave('2026-10-02T06:00:00.000Z', { outcome: 'done' });
    const history = runHistory(workspace);
    expect(history.list()).toEqual([done]);
    expect(history.unreadable()).toEqual(['20261001T060000000Z-abcdef']);
  });

  it('gives ids that sort as the runs began, also within a second', () => {
    const ids = ['2026-10-01T06:00:00.001Z', '2026-10-01T06:00:00.020Z', '2026-10-01T06:00:00.300Z'].map(
      (at) => newRun('run', 'command line', new Date(at)).id,
    );
    expect([...ids].sort()).toEqual(ids);
  });
});
