import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { silentEffects, type Effects } from './effects.ts';
import { WorthwhileError } from './errors.ts';
import type { Workspace } from './workspace.ts';

const HEARTBEAT_MS = 15_000;
/** A holder that has not refreshed its lock for this long is taken for dead, on whatever machine it ran. */
const SILENT_TOO_LONG_MS = 600_000;

const holder = z.object({
  pid: z.number().int(),
  host: z.string(),
  command: z.string(),
  since: z.string(),
  /** When the holding process started, to tell it from a later one with the same process id. */
  processStart: z.number(),
  token: z.string(),
});
type LockHolder = z.infer<typeof holder>;

/**
 * Does `work` while no other process writes to the workspace. Throws WORKSPACE_BUSY, saying who holds it and since when.
 * A lock whose process died is taken over; ours goes when the work ends, however it ends, and when the process exits.
 */
export async function withWorkspaceLock<Result>(
  workspace: Workspace,
  command: string,
  work: () => Promise<Result>,
  effects: Effects = silentEffects,
): Promise<Result> {
  const path = workspace.lock;
  mkdirSync(dirname(path), { recursive: true });
  const ours: LockHolder = {
    pid: process.pid,
    host: hostname(),
    command,
    since: effects.now().toISOString(),
    processStart: Math.round(performance.timeOrigin),
    token: randomUUID(),
  };
  acquire(path, ours, effects);
  const release = (): void => {
    if (readHolder(path)?.token === ours.token) rmSync(path, { force: true });
  };
  const heartbeat = setInterval(() => touch(path, ours, effects), HEARTBEAT_MS);
  heartbeat.unref();
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener('exit', release);
    release();
  }
}

/** Who holds the workspace now, or null where nobody living does. */
export function workspaceHolder(workspace: Workspace, effects: Effects = silentEffects): LockHolder | null {
  const found = readHolder(workspace.lock);
  return found && !isStale(workspace.lock, found, effects) ? found : null;
}

function acquire(path: string, ours: LockHolder, effects: Effects): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(path, ours)) return touch(path, ours, effects);
    const found = readHolder(path);
    if (found && !isStale(path, found, effects)) throw busy(path, found);
    removeStale(path, found, effects);
  }
  throw busy(path, readHolder(path));
}

/** Links a finished file into place, so that nobody ever reads half a lock. */
function create(path: string, ours: LockHolder): boolean {
  const prepared = `${path}.${ours.token}.tmp`;
  writeFileSync(prepared, JSON.stringify(ours));
  try {
    linkSync(prepared, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(prepared, { force: true });
  }
}

/** Moves the lock aside before deleting it, and puts it back if someone else had taken it over in between. */
function removeStale(path: string, found: LockHolder | null, effects: Effects): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (moved && moved.token !== found?.token) {
    renameSync(aside, path);
    throw busy(path, moved);
  }
  rmSync(aside, { force: true });
  effects.warn(
    found
      ? `took over the lock of a process that is gone (${found.command}, process ${found.pid} on ${found.host})`
      : 'removed an unreadable workspace lock',
  );
}

function isStale(path: string, found: LockHolder, effects: Effects): boolean {
  const lastSeen = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (effects.now().getTime() - lastSeen > SILENT_TOO_LONG_MS) return true;
  if (found.host !== hostname()) return false;
  if (found.pid === process.pid) return found.processStart !== Math.round(performance.timeOrigin);
  return !isAlive(found.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function touch(path: string, ours: LockHolder, effects: Effects): void {
  if (readHolder(path)?.token === ours.token) utimesSync(path, effects.now(), effects.now());
}

/** Null where there is no lock, or one that cannot be read. */
function readHolder(path: string): LockHolder | null {
  if (!statSync(path, { throwIfNoEntry: false })) return null;
  try {
    return holder.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

function busy(path: string, found: LockHolder | null): WorthwhileError {
  const who = found
    ? `\`worthwhile ${found.command}\` (process ${found.pid} on ${found.host}) has been writing to it since ${found.since}`
    : 'another process is taking it at this moment';
  return new WorthwhileError('WORKSPACE_BUSY', `the workspace is in use: ${who}`, {
    on: path,
    fix: 'wait for it to end and try again; if that process is gone for good, delete the file named above',
  });
}
