import type { Command } from 'commander';
import type { CommandContext } from '../core/command.ts';
import type { BuildReport } from './build.ts';
import { recordedBuild } from './recorded.ts';

/** `worthwhile build`: the second half of a run. */
export function registerModelCommands(program: Command, context: CommandContext): void {
  program
    .command('build')
    .description('turn the batches in the lake into answers, check them and publish them')
    .option('--force', 'build also where nothing changed since the served generation')
    .action(
      context.action(async (options: { force?: boolean }) => {
        const report = await context.recorded({ command: 'build' }, (held, notes) =>
          recordedBuild(context.config(), options, held, notes),
        );
        return { json: report, text: describeBuild(report), skipped: report.skipped };
      }),
    );
}

/** A build's report for people. */
export function describeBuild(report: BuildReport): string {
  const seconds = (report.durationMs / 1000).toFixed(1);
  if (!report.published) return `generation ${report.generation} is already built from these inputs; nothing to do`;
  return (
    `generation ${report.generation} published in ${seconds} s: ${report.compactedBatches} batches compacted, ` +
    `${report.reusedBatches} reused, ${monthsMade(report.monthsMade)} made anew, ${report.checks.passed} checks hold`
  );
}

function monthsMade(months: string[] | null): string {
  if (months === null) return 'every billing month';
  if (months.length === 0) return 'no billing month';
  const named = months.map((month) => month.slice(0, 7)).join(', ');
  return months.length > 4
    ? `${months.length} billing months`
    : `billing month${months.length > 1 ? 's' : ''} ${named}`;
}
