import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { silentEffects, type Effects } from './effects.ts';
import { WorthwhileError } from './errors.ts';
import { isStillAlive, startTicksOf } from './process-life.ts';
import type { Workspace } from './workspace.ts';

const HEARTBEAT_MS = 15_000;
/** A holder on another machine that has not refreshed its lock for this long is taken for dead; one on ours can be asked. */
const SILENT_TOO_LONG_MS = 600_000;

const holder = z.object({
  pid: z.number().int(),
  host: z.string(),
  command: z.string(),
  since: z.string(),
  /** When the holding process started, to tell it from a later one with the same process id. */
  processStart: z.number(),
  /** The same as this machine counts it, which another process can look up; null or absent where it does not. */
  startTicks: z.string().nullish(),
  token: z.string(),
});
type LockHolder = z.infer<typeof holder>;

/**
 * Does `work` while no other process writes to the workspace. Throws WORKSPACE_BUSY, saying who holds it and since when.
 * A lock whose process died is taken over; ours goes when the work ends, however it ends, and when the process exits.
 * The work is handed these effects with `assertHeld`. Once another machine has taken the lock over, because this process had
 * been silent for too long, the work fails at its next step.
 */
export async function withWorkspaceLock<Result>(
  workspace: Workspace,
  command: string,
  work: (held: Effects) => Promise<Result>,
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
    startTicks: startTicksOf(process.pid),
    token: randomUUID(),
  };
  acquire(path, ours, effects);
  const release = (): void => {
    if (readHolder(path)?.token === ours.token) rmSync(path, { force: true });
  };
  const heartbeat = setInterval(() => touch(path, ours, effects), HEARTBEAT_MS);
  heartbeat.unref();
  process.once('exit', release);
  const assertHeld = (): void => {
    if (readHolder(path)?.token !== ours.token) throw takenOver(path);
  };
  const progress: Effects['progress'] = (update) => {
    assertHeld();
    effects.progress(update);
  };
  try {
    const result = await work({ ...effects, progress, assertHeld });
    assertHeld();
    return result;
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
    removeStale(path, found, ours.token, effects);
  }
  throw busy(path, readHolder(path));
}

/** Links a finished file into place, so that nobody ever reads half a lock. */
function create(path: string, ours: LockHolder): boolean {
  const prepared = `${path}.${ours.token}.tmp`;
  writeFileSync(prepared, JSON.stringify(ours));
  try {
    return linkUnlessThere(prepared, path);
  } finally {
    rmSync(prepared, { force: true });
  }
}

/** Whether the file now also has this name; false where the name is taken. */
function linkUnlessThere(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves the lock aside before deleting it, and puts it back if someone else had taken it over in between; unless a third
 * has by then a lock of its own, which stays.
 */
function removeStale(path: string, found: LockHolder | null, token: string, effects: Effects): void {
  const aside = `${path}.${token}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (moved && moved.token !== found?.token) {
    linkUnlessThere(aside, path);
    rmSync(aside, { force: true });
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
  if (found.host !== hostname()) {
    const lastSeen = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return effects.now().getTime() - lastSeen > SILENT_TOO_LONG_MS;
  }
  // A process of this machine that sleeps or is stopped is silent and still the holder: it goes on where it was.
  if (found.pid === process.pid) return found.processStart !== Math.round(performance.timeOrigin);
  return !isStillAlive(found.pid, found.startTicks ?? null);
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

function takenOver(path: string): WorthwhileError {
  return new WorthwhileError('WORKSPACE_BUSY', 'the workspace was taken over while this process was silent', {
    on: path,
    fix: 'nothing was published after that; run it again when the other process has ended',
  });
}
