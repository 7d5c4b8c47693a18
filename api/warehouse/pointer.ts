import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { WorthwhileError } from '../../core/errors.ts';
import type { Workspace } from '../../core/workspace.ts';

/** Name of the generation file that is to be served, or null before the first build. */
export function readPointer(workspace: Workspace): string | null {
  if (!existsSync(workspace.currentPointer)) return null;
  const name = readFileSync(workspace.currentPointer, 'utf8').trim();
  if (!/^[\w.-]+\.duckdb$/.test(name)) {
    throw new WorthwhileError('LAKE_CORRUPT', 'the pointer to the current generation does not name a generation file', {
      on: workspace.currentPointer,
      fix: 'run `worthwhile build --force`, which writes it anew',
    });
  }
  return name;
}

/**
 * Tells a generation file from any other of the same name, by its inode and time: the numbers in names begin anew when a
 * workspace is deleted and built again. Null where there is no such file.
 */
export function stampOf(workspace: Workspace, fileName: string): string | null {
  const stat = statSync(join(workspace.warehouse, fileName), { bigint: true, throwIfNoEntry: false });
  if (!stat) return null;
  return createHash('sha256').update(`${fileName} ${stat.ino} ${stat.mtimeNs}`).digest('base64url').slice(0, 10);
}

export interface PointerFollower {
  /** Runs `onChange` once more and waits for it; never two at a time. */
  refresh: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Calls `onChange` when the pointer may have changed: on a watched change of its folder, and every `pollMs` besides, because
 * watching misses changes on some network and container file systems. `pollMs` 0 leaves both out.
 */
export function followPointer(workspace: Workspace, onChange: () => Promise<void>, pollMs: number): PointerFollower {
  let turn: Promise<void> = Promise.resolve();
  let watcher: FSWatcher | null = null;

  const refresh = (): Promise<void> => {
    turn = turn.then(onChange);
    return turn;
  };

  const tick = (): void => {
    if (!watcher) watcher = watchFolder(workspace, refresh, () => (watcher = null));
    void refresh();
  };
  const timer = pollMs > 0 ? setInterval(tick, pollMs).unref() : null;
  if (timer) watcher = watchFolder(workspace, refresh, () => (watcher = null));

  return {
    refresh,
    close: async () => {
      if (timer) clearInterval(timer);
      watcher?.close();
      await turn;
    },
  };
}

function watchFolder(workspace: Workspace, onEvent: () => Promise<void>, onEnd: () => void): FSWatcher | null {
  const folder = dirname(workspace.currentPointer);
  if (!existsSync(folder)) return null;
  const pointer = basename(workspace.currentPointer);
  const watcher = watch(folder, { persistent: false }, (_event, name) => {
    if (name === null || name === pointer) void onEvent();
  });
  watcher.on('error', () => {
    watcher.close();
    onEnd();
  });
  return watcher;
}
