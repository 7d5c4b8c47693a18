import type { Effects } from '../../core/effects.ts';
import type { RunsAnswer } from '../contract/index.ts';
import type { RunInChild } from './child.ts';
import { localTime, type ScheduledTimes } from './times.ts';

export interface RunningSchedule {
  status: () => NonNullable<RunsAnswer['schedule']>;
  /** Begins no further run, asks the one that goes on to end, and waits until it has. */
  stop: () => Promise<void>;
}

export interface ScheduleMeans {
  /** Begins a run beside this process. */
  startRun: () => RunInChild;
  /** When the last run that is known of began, whoever began it; null where there is none. */
  lastRunAt: () => Date | null;
  /** A line for the log. */
  say: (line: string) => void;
  /** Calls back after so many milliseconds; what it returns calls that off. */
  wait?: (milliseconds: number, action: () => void) => () => void;
}

/** Looked at again at least this often, so that a clock that was set or a machine that slept is noticed. */
const LOOK_EVERY_MS = 30_000;
const KEPT_MISSED = 20;

/**
 * Begins a run at each of these times, never two at once. A time that comes while a run goes on, or while the machine slept, is
 * missed: it is said, kept in the status, and not made up for more than once.
 */
export function startSchedule(times: ScheduledTimes, means: ScheduleMeans, effects: Effects): RunningSchedule {
  const { startRun, lastRunAt, say, wait = waitOnClock } = means;
  const missed: { at: string; why: string }[] = [];
  let running: { since: Date; run: RunInChild; ended: Promise<void> } | null = null;
  let callOff = (): void => {};
  let isStopped = false;
  const shown = (instant: Date): string => localTime(instant, times.timezone);

  const miss = (at: Date, why: string): void => {
    missed.unshift({ at: at.toISOString(), why });
    missed.splice(KEPT_MISSED);
    effects.warn(`the scheduled run of ${shown(at)} was missed: ${why}`);
  };
  const begin = (at: Date): void => {
    if (running) return miss(at, `the run that began at ${shown(running.since)} was still going on`);
    say(`schedule: the run of ${shown(at)} begins`);
    const run = startRun();
    const ended = run.ended.then((outcome) => {
      running = null;
      if (outcome.failed && !isStopped) effects.warn(`the scheduled run of ${shown(at)} ${outcome.words}`);
      else say(`schedule: the run of ${shown(at)} ${outcome.words}`);
    });
    running = { since: effects.now(), run, ended };
  };

  const started = effects.now();
  const before = times.before(started);
  const last = lastRunAt();
  if (before && last && last < before) miss(before, 'this server was not running then');

  let due = times.after(started);
  const look = (): void => {
    if (isStopped) return;
    const now = effects.now();
    if (due && now >= due) {
      let latest = due;
      for (let next = times.after(latest); next && next <= now; next = times.after(next)) {
        miss(latest, 'the machine was asleep or its clock was set; one run makes up for it');
        latest = next;
      }
      begin(latest);
      due = times.after(now);
    }
    const untilDue = due ? due.getTime() - now.getTime() : LOOK_EVERY_MS;
    callOff = wait(Math.max(0, Math.min(untilDue, LOOK_EVERY_MS)), look);
  };
  look();

  return {
    status: () => ({
      expression: times.expression,
      timezone: times.timezone,
      nextRunAt: isStopped ? null : (due?.toISOString() ?? null),
      missed,
    }),
    stop: async () => {
      isStopped = true;
      callOff();
      if (!running) return;
      say('schedule: asking the run that goes on to end');
      running.run.stop();
      await running.ended;
    },
  };
}

function waitOnClock(milliseconds: number, action: () => void): () => void {
  const timer = setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
}
