import { localTime, machineTimezone, nextTimes, parseSchedule } from '../../api/schedule/times.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Effects } from '../../core/effects.ts';
import { runHistory, type RunRecord } from '../../core/run-record.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** How the last run ended, and the last that ended well where that is another. */
export function checkRuns(config: Config): Finding[] {
  const history = runHistory(workspaceAt(config.workspace));
  const runs = history.list();
  const findings = lastRun(runs);
  const unreadable = history.unreadable();
  if (unreadable.length > 0) {
    const detail = `${unreadable.length} records of the run history cannot be read, the newest ${unreadable[0]}`;
    findings.push(warning('run history', detail, 'delete them from `runs` in the workspace; nothing else needs them'));
  }
  return findings;
}

/** Whether the schedule of the configuration, where it has one, is one. Throws USAGE where it is none. */
export function checkSchedule({ serve }: Config, effects: Effects): Finding[] {
  if (!serve.schedule) return [];
  const times = parseSchedule(serve.schedule, serve.scheduleTimezone ?? machineTimezone(), effects.now());
  const [next] = nextTimes(times, effects.now(), 1);
  return [
    ok(
      'schedule',
      `"${times.expression}" (${times.timezone}), next ${localTime(next!, times.timezone)}, while \`serve\` is up`,
    ),
  ];
}

function lastRun(runs: RunRecord[]): Finding[] {
  const [going] = runs.filter(({ outcome }) => outcome === 'running');
  const last = runs.find(({ outcome }) => outcome !== 'running');
  const findings = going ? [ok('run', `\`${going.command}\` has been going on since ${minute(going.startedAt)}`)] : [];
  if (!last) {
    if (!going)
      findings.push(warning('last run', 'none is known', 'run `worthwhile run`, and put it into a scheduler'));
    return findings;
  }
  const detail = `\`${last.command}\` of ${minute(last.startedAt)}: ${last.outcome}`;
  if (last.outcome === 'failed') {
    const good = lastGood(runs);
    const { reason = 'it is not known why', next } = last.error ?? {};
    return [...findings, failed('last run', `${detail}, ${reason}${good}`, next ?? 'run `worthwhile run --verbose`')];
  }
  if (last.outcome === 'interrupted') {
    const where = last.step ? ` at "${last.step.name}"` : '';
    const again = 'run `worthwhile run`; it goes on with what is missing';
    return [...findings, warning('last run', `${detail}${where}, last heard of ${minute(last.updatedAt)}`, again)];
  }
  if (last.outcome === 'skipped') {
    const list = last.skipped.map(({ what, why }) => `${what}: ${why}`).join('; ');
    return [...findings, warning('last run', `${detail}, ${list}`, 'mend what it lists, then `worthwhile run`')];
  }
  return [...findings, ok('last run', detail)];
}

function lastGood(runs: RunRecord[]): string {
  const good = runs.find(({ outcome }) => outcome === 'done' || outcome === 'skipped');
  return good ? `; the last that ended well is of ${minute(good.startedAt)}` : '; none has ended well';
}

/** To the minute, in UTC, as logs have it. */
function minute(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}
