import { InvalidArgumentError, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../core/command.ts';
import type { Config } from '../core/config/schema.ts';
import type { Effects, Skipped } from '../core/effects.ts';
import { describeReport } from '../ingest/commands.ts';
import { ingest } from '../ingest/ingest.ts';
import type { IngestReport } from '../ingest/report.ts';
import { build, type BuildReport } from '../model/build.ts';
import { describeBuild } from '../model/commands.ts';

interface RunOptions {
  since?: string;
  source?: string[];
  full?: boolean;
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
    .addHelpText('after', '\nExamples:\n  worthwhile run\n  worthwhile run --source gcp --since 2026-09-01 --json')
    .action(
      context.action(async (options: RunOptions): Promise<CommandResult> => {
        const report = await context.locked('run', (held) => runOnce(context.config(), options, held));
        return {
          json: report,
          text: `${describeReport(report.ingest)}\n${describeBuild(report.build)}`,
          skipped: report.skipped,
        };
      }),
    );
}

/** Ingests and builds; the caller holds the workspace. */
export async function runOnce(config: Config, options: RunOptions, effects: Effects): Promise<RunReport> {
  const poolsLeftOut = skippedPools(config);
  for (const { what, why } of poolsLeftOut) effects.warn(`${what}: ${why}`);
  const { source, since, full } = options;
  const ingested = await ingest(
    config,
    { ...(source && { sources: source }), ...(since && { since }), ...(full && { full }) },
    effects,
  );
  const built = await build(config, {}, effects);
  return { ingest: ingested, build: built, skipped: [...ingested.skipped, ...built.skipped, ...poolsLeftOut] };
}

function skippedPools(config: Config): Skipped[] {
  return config.pools.map(({ name }) => ({
    what: `pool "${name}"`,
    why: 'shared-cost allocation is not in this version; its charges stay with the squads they are attributed to',
  }));
}

function parseDay(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('Give a day such as 2026-09-01.');
}
