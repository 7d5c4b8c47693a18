import type { Run, RunsAnswer } from '../api/contract/index.ts';
import { formatBytes, formatCount, formatMoney, formatNumber } from './format.ts';

interface OutcomeWords {
  word: string;
  tone: 'good' | 'bad' | 'warn' | 'accent';
  icon: 'check' | 'alert' | 'info' | 'runs';
}

/** How an outcome is told: the word says it, colour and icon only underline it. */
export const OUTCOME_WORDS: Record<Run['outcome'], OutcomeWords> = {
  running: { word: 'running', tone: 'accent', icon: 'runs' },
  done: { word: 'done', tone: 'good', icon: 'check' },
  skipped: { word: 'done, some skipped', tone: 'warn', icon: 'info' },
  failed: { word: 'failed', tone: 'bad', icon: 'alert' },
  interrupted: { word: 'interrupted', tone: 'warn', icon: 'alert' },
};

/** What a run did, in the few words of its line: what came in, what it cost, what was published, why it ended where it did. */
export function whatItDid(run: Run): string {
  const facts = [stopped(run), tookIn(run), paid(run), published(run), leftOut(run)].filter((fact) => fact !== null);
  return facts.length > 0 ? sentence(facts.join('; ')) : 'Nothing yet';
}

function stopped({ outcome, error, step }: Run): string | null {
  if (outcome === 'failed') return error ? error.reason.split('\n')[0]! : 'it is not known why';
  if (outcome === 'interrupted') return step ? `its process ended at "${step.name}"` : 'its process ended early';
  if (outcome === 'running' && step)
    return step.fraction === null ? `at "${step.name}"` : `at "${step.name}", ${Math.floor(step.fraction * 100)}%`;
  return null;
}

function tookIn({ command, outcome, sources, partitionsLanded, rows, bytes }: Run): string | null {
  if (command === 'build' || sources.length === 0) return null;
  if (partitionsLanded > 0)
    return `${formatCount(rows, 'row')} in ${formatCount(partitionsLanded, 'partition')} (${formatBytes(bytes)})`;
  return outcome === 'running' ? null : `nothing new in ${formatCount(sources.length, 'source')}`;
}

function paid({ pulled }: Run): string | null {
  if (!pulled || pulled.queries === 0) return null;
  return `${formatMoney(pulled.priceUsd, 'USD')} for ${formatBytes(pulled.bytesBilled)} billed`;
}

function published({ build }: Run): string | null {
  if (!build) return null;
  const generation = `generation ${formatNumber(build.generation)}`;
  return build.published ? `${generation} published` : `${generation} stays`;
}

function leftOut({ skipped, warnings }: Run): string | null {
  const facts = [
    skipped.length > 0 && `${formatNumber(skipped.length)} skipped`,
    warnings.length > 0 && formatCount(warnings.length, 'warning'),
  ].filter(Boolean);
  return facts.length > 0 ? facts.join(', ') : null;
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** How often to ask again, in milliseconds: often while something runs. */
export function askAgainAfter(newest: RunsAnswer | undefined): number {
  return newest?.runs.some(({ outcome }) => outcome === 'running') ? 3_000 : 30_000;
}

/** The stages of a build that took longest, in that order, and how many others there were with the time they took together. */
export function longestStages(
  run: Run,
  most = 10,
): { stages: NonNullable<Run['build']>['stages']; others: { count: number; ms: number } } {
  const stages = [...(run.build?.stages ?? [])].sort((a, b) => b.ms - a.ms);
  const others = stages.splice(most);
  return { stages, others: { count: others.length, ms: others.reduce((sum, { ms }) => sum + ms, 0) } };
}
