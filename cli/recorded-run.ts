import type { Effects, Skipped } from '../core/effects.ts';
import { EXIT } from '../core/errors.ts';
import {
  dropOldRuns,
  newRun,
  writeRun,
  type RunCommand,
  type RunNotes,
  type RunRecord,
  type RunTrigger,
} from '../core/run-record.ts';
import type { Workspace } from '../core/workspace.ts';
import { asFailure } from './failures.ts';
import { withoutSecrets } from './secrets.ts';

/** A record is written again at most this often while the run goes on. */
const REWRITE_MS = 2_000;
const KEPT_WARNINGS = 200;

export interface RecordedRun {
  command: RunCommand;
  trigger: RunTrigger;
}

/**
 * Does `work` and keeps a record of it in the workspace's run history, whatever becomes of it; also where the process is told to
 * end. The caller holds the workspace. A record that cannot be written after the first time is warned of: the work goes on.
 */
export async function recordRun<Result extends { skipped: Skipped[] }>(
  workspace: Workspace,
  { command, trigger }: RecordedRun,
  work: (effects: Effects, notes: RunNotes) => Promise<Result>,
  effects: Effects,
): Promise<Result> {
  const record = newRun(command, trigger, effects.now());
  dropOldRuns(workspace);
  writeRun(workspace, record);
  const save = keeper(workspace, record, effects);
  const end = (facts: Pick<RunRecord, 'outcome' | 'exitCode'> & Partial<RunRecord>): void => {
    Object.assign(record, facts, { endedAt: effects.now().toISOString() });
    save();
  };
  const stopped = (exitCode: number): void => end({ outcome: 'interrupted', exitCode });
  process.once('exit', stopped);
  try {
    const { heard, notes } = listening(record, save, effects);
    const result = await work(heard, notes);
    const skipped = result.skipped.map(({ what, why }) => ({ what: withoutSecrets(what), why: withoutSecrets(why) }));
    const isWhole = skipped.length === 0;
    end({ outcome: isWhole ? 'done' : 'skipped', exitCode: isWhole ? EXIT.done : EXIT.skipped, skipped, step: null });
    return result;
  } catch (error) {
    const { code, reason, on, fix, exitCode } = asFailure(error);
    const said = { code, reason: withoutSecrets(reason), on: on ? withoutSecrets(on) : null, next: fix ?? null };
    end({ outcome: 'failed', exitCode, error: said });
    throw error;
  } finally {
    process.removeListener('exit', stopped);
  }
}

/** Effects that pass everything on and note what a reader of the history wants to know. */
function listening(record: RunRecord, save: () => void, effects: Effects): { heard: Effects; notes: RunNotes } {
  const heard: Effects = {
    ...effects,
    progress: (update) => {
      effects.progress(update);
      record.step = { name: update.step, fraction: update.fraction };
      if (effects.now().getTime() - Date.parse(record.updatedAt) >= REWRITE_MS) save();
    },
    warn: (message) => {
      if (record.warnings.length < KEPT_WARNINGS) record.warnings.push(withoutSecrets(message));
      effects.warn(message);
    },
  };
  const notes: RunNotes = {
    source: (source) => {
      record.sources.push(source);
      save();
    },
    catalog: (catalog) => void (record.catalog = catalog),
    build: (build) => void (record.build = build),
  };
  return { heard, notes };
}

function keeper(workspace: Workspace, record: RunRecord, effects: Effects): () => void {
  let hasWarned = false;
  return () => {
    record.updatedAt = effects.now().toISOString();
    try {
      writeRun(workspace, record);
    } catch (error) {
      if (!hasWarned) effects.warn(`the run history could not be written: ${(error as Error).message}`);
      hasWarned = true;
    }
  };
}
