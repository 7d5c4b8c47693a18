import { InvalidArgumentError, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../core/command.ts';
import { decimalUnits } from '../core/decimal-sum.ts';
import { runHistory, type RunRecord } from '../core/run-record.ts';
import { workspaceAt } from '../core/workspace.ts';

/** Adds `runs`: the run history, newest first. */
export function registerRunsCommand(program: Command, context: CommandContext): void {
  program
    .command('runs')
    .description('the run history: what ran, on what, how it ended')
    .option('--limit <number>', 'how many, the newest first', parseLimit, 20)
    .action(context.action((options: { limit: number }) => listRuns(context, options.limit)));
}

async function listRuns(context: CommandContext, limit: number): Promise<CommandResult> {
  const runs = runHistory(workspaceAt(context.config().workspace)).list();
  const shown = runs.slice(0, limit).map(({ process: _process, version: _version, ...run }) => run);
  const text =
    runs.length === 0 ? 'nothing has run in this workspace yet' : runs.slice(0, limit).flatMap(linesOf).join('\n');
  return { json: { count: runs.length, runs: shown }, text };
}

/** `2026-10-01 06:00 UTC  run       done         2 landed, 1,234 rows; generation 5 (12.3 s)` */
function describe(run: RunRecord): string {
  const head = `${run.startedAt.slice(0, 10)} ${run.startedAt.slice(11, 16)} UTC  ${run.command.padEnd(6)}  ${run.outcome.padEnd(11)}`;
  return `${head}  ${[did(run), lasted(run)].filter(Boolean).join(' ')}`.trimEnd();
}

/** The run's line, and under it what it left out, one line each. */
function linesOf(run: RunRecord): string[] {
  return [describe(run), ...run.skipped.map(({ what, why }) => `    skipped ${what}: ${why}`)];
}

/** `$0.000060 for BigQuery`, exact; none where nothing was billed. */
function paid({ sources }: RunRecord): string | null {
  const micros = sources.reduce((sum, { pulled }) => sum + (pulled ? decimalUnits(pulled.priceUsd, 6) : 0n), 0n);
  return micros === 0n
    ? null
    : `$${micros / 1_000_000n}.${(micros % 1_000_000n).toString().padStart(6, '0')} for BigQuery`;
}

function did(run: RunRecord): string {
  const cost = paid(run);
  if (run.error) return [run.error.reason.split('\n')[0]!, cost].filter(Boolean).join('; ');
  if (run.outcome === 'running' || run.outcome === 'interrupted') return run.step ? `at "${run.step.name}"` : '';
  const landed = run.sources.reduce((sum, source) => sum + source.landed, 0);
  const rows = run.sources.reduce((sum, source) => sum + source.rows, 0);
  const parts = [
    run.command !== 'build' && (landed === 0 ? 'nothing new' : `${landed} landed, ${rows.toLocaleString('en')} rows`),
    cost,
    run.build && `generation ${run.build.generation}${run.build.published ? '' : ' as before'}`,
    run.skipped.length > 0 && `${run.skipped.length} skipped`,
  ];
  return parts.filter(Boolean).join('; ');
}

function lasted({ startedAt, endedAt }: RunRecord): string {
  return endedAt ? `(${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s)` : '';
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new InvalidArgumentError('Give a number from 1.');
}
