import { RUN_OUTCOMES, type RunHistory } from '../core/run-record.ts';
import type { RunsAnswer } from './contract/index.ts';

/** Prometheus lines on the last run that ended, and on the next one; only the first where nothing has run yet. */
export function runLines(history: RunHistory, schedule: RunsAnswer['schedule'], now: Date): string[] {
  const runs = history.list();
  const last = runs.find(({ outcome }) => outcome !== 'running');
  const good = runs.find(({ outcome }) => outcome === 'done' || outcome === 'skipped');
  const since = (instant: string): number => (now.getTime() - Date.parse(instant)) / 1000;
  const isRunning = runs.some(({ outcome }) => outcome === 'running');
  const lines = gauge('worthwhile_run_running', 'A run goes on now.', [['', isRunning ? 1 : 0]]);
  if (last) {
    const byOutcome = RUN_OUTCOMES.filter((outcome) => outcome !== 'running').map((outcome): Sample => [
      `{outcome="${outcome}"}`,
      last.outcome === outcome ? 1 : 0,
    ]);
    lines.push(
      ...gauge(
        'worthwhile_last_run_outcome',
        'How the last run ended: 1 for its outcome, 0 for the others.',
        byOutcome,
      ),
      ...gauge('worthwhile_last_run_age_seconds', 'Time since the last run that has ended began.', [
        ['', since(last.startedAt)],
      ]),
    );
    if (last.endedAt) {
      const lasted = (Date.parse(last.endedAt) - Date.parse(last.startedAt)) / 1000;
      lines.push(...gauge('worthwhile_last_run_duration_seconds', 'How long the last run took.', [['', lasted]]));
    }
  }
  if (good) {
    const help = 'Time since the last run that was done, with or without something skipped, began.';
    lines.push(...gauge('worthwhile_last_good_run_age_seconds', help, [['', since(good.startedAt)]]));
  }
  if (schedule?.nextRunAt) {
    const seconds = Date.parse(schedule.nextRunAt) / 1000;
    lines.push(
      ...gauge('worthwhile_next_run_timestamp_seconds', 'When the schedule begins its next run.', [['', seconds]]),
    );
  }
  return lines;
}

type Sample = [labels: string, value: number];

function gauge(name: string, help: string, samples: Sample[]): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
  ];
}
