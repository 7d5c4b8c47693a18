import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../core/command.ts';
import type { Config } from '../core/config/schema.ts';
import type { Effects, Skipped } from '../core/effects.ts';
import { describeReport } from '../ingest/commands.ts';
import { recordedIngest } from '../ingest/recorded.ts';
import type { IngestReport } from '../ingest/report.ts';
import type { RunNotes, RunTrigger } from '../core/run-record.ts';
import type { BuildReport } from '../model/build.ts';
import { describeBuild } from '../model/commands.ts';
import { recordedBuild } from '../model/recorded.ts';

interface RunOptions {
  since?: string;
  source?: string[];
  full?: boolean;
  trigger?: 'command-line' | 'schedule';
}

/** What one run did; `skipped` is everything that was left out of it. */
export interface RunReport {
  ingest: IngestReport;
  build: BuildReport;
  skipped: Skipped[];
}

/** Adds `run`: ingest, build and publish under one lock; what a scheduler calls. */
export function registerRunCommand(program: Command, context: CommandContext): void {
  program
    .command('run')
    .description('pull what is new, build, check and publish; what a scheduler calls')
    .option('--source <name...>', 'only these sources')
    .option('--since <day>', 'only partitions of this day and later (YYYY-MM-DD)', parseDay)
    .option('--full', 'read every source file again, even where size and time say it is unchanged')
    .addOption(
      new Option('--trigger <what>', 'what the run history says started it')
        .choices(['command-line', 'schedule'])
        .default('command-line'),
    )
    .addHelpText('after', '\nExamples:\n  worthwhile run\n  worthwhile run --source gcp --since 2026-09-01 --json')
    .action(
      context.action(async (options: RunOptions): Promise<CommandResult> => {
        const trigger: RunTrigger = options.trigger === 'schedule' ? 'schedule' : 'command line';
        const report = await context.recorded({ command: 'run', trigger }, (held, notes) =>
          runOnce(context.config(), options, held, notes),
        );
        return {
          json: report,
          text: `${describeReport(report.ingest)}\n${describeBuild(report.build)}`,
          skipped: report.skipped,
        };
      }),
    );
}

/** Ingests and builds; the caller holds the workspace and keeps the notes. */
export async function runOnce(
  config: Config,
  options: RunOptions,
  effects: Effects,
  notes: RunNotes,
): Promise<RunReport> {
  const { source, since, full } = options;
  const ingested = await recordedIngest(
    config,
    { ...(source && { sources: source }), ...(since && { since }), ...(full && { full }) },
    effects,
    notes,
  );
  const built = await recordedBuild(config, {}, effects, notes);
  return { ingest: ingested, build: built, skipped: [...ingested.skipped, ...built.skipped] };
}

function parseDay(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('Give a day such as 2026-09-01.');
}
