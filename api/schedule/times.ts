import { Cron } from 'croner';
import { WorthwhileError } from '../../core/errors.ts';

/** A cron expression on the clock of a time zone. */
export interface ScheduledTimes {
  expression: string;
  timezone: string;
  /** The first time after this instant; null where none comes. */
  after: (instant: Date) => Date | null;
  /** The last time before this instant; null where there was none. */
  before: (instant: Date) => Date | null;
}

/** The time zone of this machine, for example `Europe/Stockholm`. */
export const machineTimezone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * Reads a cron expression of five fields (or `@daily` and the like). Throws USAGE where it is none, names no time that ever comes,
 * or the time zone is unknown.
 */
export function parseSchedule(expression: string, timezone: string, now: Date): ScheduledTimes {
  requireTimezone(timezone);
  const cron = cronOf(expression, timezone);
  const times: ScheduledTimes = {
    expression,
    timezone,
    after: (instant) => cron.nextRun(instant),
    before: (instant) => cron.previousRuns(1, instant)[0] ?? null,
  };
  if (!times.after(now)) throw notASchedule(expression, 'no such time ever comes');
  return times;
}

/** The next times, the first three by default. */
export function nextTimes(times: ScheduledTimes, from: Date, howMany = 3): Date[] {
  const next: Date[] = [];
  for (let at = times.after(from); at && next.length < howMany; at = times.after(at)) next.push(at);
  return next;
}

/** `2026-10-01 06:00 GMT+2`, on the schedule's clock. */
export function localTime(instant: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).formatToParts(instant);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
}

function cronOf(expression: string, timezone: string): Cron {
  try {
    return new Cron(expression, { timezone, paused: true, mode: '5-part' });
  } catch (cause) {
    throw notASchedule(expression, cause instanceof Error ? reasonOf(cause) : String(cause), cause);
  }
}

/** Croner's own words, but where it counts fields: it speaks of six and seven, which are not taken here. */
function reasonOf({ message }: Error): string {
  return /invalid configuration format/i.test(message)
    ? 'it has to have five fields'
    : message.replace(/^CronPattern: /, '');
}

function notASchedule(expression: string, why: string, cause?: unknown): WorthwhileError {
  return new WorthwhileError('USAGE', `"${expression}" is not a schedule: ${why}`, {
    fix: "give minute, hour, day of month, month and day of week, for example --schedule '0 6 * * *' for six every morning",
    cause,
  });
}

function requireTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (cause) {
    throw new WorthwhileError('USAGE', `"${timezone}" is not a time zone`, {
      fix: 'name one of the IANA time zones, for example --schedule-timezone Europe/Stockholm',
      cause,
    });
  }
}
