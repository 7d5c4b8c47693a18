import { describe, expect, it } from 'vitest';
import { startSchedule, type RunningSchedule } from '../../api/schedule/schedule.ts';
import { localTime, nextTimes, parseSchedule } from '../../api/schedule/times.ts';

const at = (text: string): Date => new Date(`${text}Z`);
const NOW = at('2026-10-01T05:59:00');

describe('the times of a schedule', () => {
  it('are on the clock of its time zone, also over a change of that clock', () => {
    const times = parseSchedule('0 6 * * *', 'Europe/Stockholm', at('2026-10-23T12:00:00'));
    const shown = nextTimes(times, at('2026-10-23T12:00:00')).map((time) => localTime(time, times.timezone));

    expect(shown).toEqual(['2026-10-24 06:00 CEST', '2026-10-25 06:00 CET', '2026-10-26 06:00 CET']);
  });

  it.each(['0 6 * *', '61 6 * * *', 'every morning', '0 0 6 * * *', ''])(
    'are refused as %j, with an example',
    (expression) => {
      expect(() => parseSchedule(expression, 'UTC', NOW)).toThrow(
        expect.objectContaining({ code: 'USAGE', exitCode: 2, fix: expect.stringContaining("--schedule '0 6 * * *'") }),
      );
    },
  );

  it('are refused where none ever comes, or where the time zone is not known', () => {
    expect(() => parseSchedule('0 0 31 2 *', 'UTC', NOW)).toThrow(/no such time ever comes/);
    expect(() => parseSchedule('0 6 * *', 'UTC', NOW)).toThrow('it has to have five fields');
    expect(() => parseSchedule('0 6 * * *', 'Europe/Stockholn', NOW)).toThrow(
      expect.objectContaining({ code: 'USAGE', fix: expect.stringContaining('Europe/Stockholm') }),
    );
  });
});

/** A schedule on a clock that the test moves; runs end when the test says so. */
function scheduled(expression: string, facts: { now?: Date; lastRunAt?: Date | null } = {}) {
  let now = facts.now ?? NOW;
  let pending: { due: number; action: () => void } | null = null;
  const said: string[] = [];
  const warnings: string[] = [];
  const runs: { began: Date; stopped: boolean; end: (words: string, failed?: boolean) => Promise<void> }[] = [];
  const schedule: RunningSchedule = startSchedule(
    parseSchedule(expression, 'UTC', now),
    {
      startRun: () => {
        let resolve: (outcome: { failed: boolean; words: string }) => void = () => {};
        const ended = new Promise<{ failed: boolean; words: string }>((settle) => (resolve = settle));
        const run = {
          began: now,
          stopped: false,
          end: async (words: string, failed = false) => {
            resolve({ failed, words });
            await ended;
            await Promise.resolve();
          },
        };
        runs.push(run);
        return { ended, stop: () => void (run.stopped = true) };
      },
      lastRunAt: () => facts.lastRunAt ?? null,
      say: (line) => void said.push(line),
      wait: (milliseconds, action) => {
        pending = { due: now.getTime() + milliseconds, action };
        return () => (pending = null);
      },
    },
    { now: () => now, progress: () => {}, warn: (message) => void warnings.push(message) },
  );
  const goTo = (time: string, asleep = false): void => {
    const target = at(time);
    if (asleep) now = target;
    while (pending && (asleep || pending.due <= target.getTime())) {
      const { due, action } = pending;
      pending = null;
      if (!asleep) now = new Date(due);
      action();
      if (asleep) break;
    }
    now = target;
  };
  return { schedule, runs, said, warnings, goTo, isWaiting: () => pending !== null };
}

describe('a schedule', () => {
  it('begins a run at each of its times, and tells when the next one is', async () => {
    const { schedule, runs, said, goTo } = scheduled('0 6 * * *');
    expect(schedule.status()).toMatchObject({
      expression: '0 6 * * *',
      timezone: 'UTC',
      nextRunAt: '2026-10-01T06:00:00.000Z',
    });

    goTo('2026-10-01T06:00:00');
    expect(runs.map(({ began }) => began.toISOString())).toEqual(['2026-10-01T06:00:00.000Z']);
    await runs[0]!.end('is done');
    goTo('2026-10-03T05:00:00');

    expect(runs).toHaveLength(2);
    expect(schedule.status()).toMatchObject({ nextRunAt: '2026-10-03T06:00:00.000Z', missed: [] });
    expect(said).toContain('schedule: the run of 2026-10-01 06:00 UTC is done');
  });

  it('never begins two at once: it says what it left out, and why', async () => {
    const { schedule, runs, warnings, goTo } = scheduled('0 * * * *');
    goTo('2026-10-01T07:30:00');

    expect(runs).toHaveLength(1);
    expect(warnings).toEqual([
      'the scheduled run of 2026-10-01 07:00 UTC was missed: the run that began at 2026-10-01 06:00 UTC was still going on',
    ]);
    await runs[0]!.end('is done');
    goTo('2026-10-01T08:00:00');
    expect(runs).toHaveLength(2);
    expect(schedule.status().missed).toMatchObject([{ at: '2026-10-01T07:00:00.000Z' }]);
  });

  it('says that a run failed and goes on with the next', async () => {
    const { runs, warnings, goTo } = scheduled('0 * * * *');
    goTo('2026-10-01T06:00:00');
    await runs[0]!.end('ended with exit code 1', true);
    goTo('2026-10-01T07:00:00');

    expect(warnings).toEqual(['the scheduled run of 2026-10-01 06:00 UTC ended with exit code 1']);
    expect(runs).toHaveLength(2);
  });

  it('makes up once for what a machine that slept has missed', () => {
    const { schedule, runs, warnings, goTo } = scheduled('0 6 * * *');
    goTo('2026-10-03T09:00:00', true);

    expect(runs).toHaveLength(1);
    expect(warnings).toHaveLength(2);
    expect(schedule.status()).toMatchObject({
      nextRunAt: '2026-10-04T06:00:00.000Z',
      missed: [{ at: '2026-10-02T06:00:00.000Z' }, { at: '2026-10-01T06:00:00.000Z' }],
    });
  });

  it('says at its start which time passed without it', () => {
    const missed = scheduled('0 6 * * *', { now: at('2026-10-03T09:00:00'), lastRunAt: at('2026-10-02T06:00:00') });
    const inTime = scheduled('0 6 * * *', { now: at('2026-10-03T09:00:00'), lastRunAt: at('2026-10-03T06:00:01') });
    const fresh = scheduled('0 6 * * *', { now: at('2026-10-03T09:00:00') });

    expect(missed.warnings).toEqual([
      expect.stringMatching(/2026-10-03 06:00 UTC was missed: this server was not running/),
    ]);
    expect([inTime.warnings, fresh.warnings]).toEqual([[], []]);
    expect(missed.runs).toEqual([]);
  });

  it('stops politely: it asks the run to end, waits for it, and begins no other', async () => {
    const { schedule, runs, warnings, goTo, isWaiting } = scheduled('0 6 * * *');
    goTo('2026-10-01T06:00:00');
    const stopped = schedule.stop();
    expect(runs[0]!.stopped).toBe(true);
    await runs[0]!.end('ended with exit code 143', true);
    await stopped;

    expect(isWaiting()).toBe(false);
    expect(warnings).toEqual([]);
    expect(schedule.status().nextRunAt).toBeNull();
  });
});
