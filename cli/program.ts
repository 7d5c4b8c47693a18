import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { CommandContext } from '../core/command.ts';
import { EXIT } from '../core/errors.ts';
import { startInvocation } from './context.ts';
import { packageRoot } from './package-root.ts';
import { listenForStop } from './stop.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export type RegisterCommands = (program: Command, context: CommandContext) => void;

/** Runs one command line (without `node` and the script) to its end. Returns the exit code; never throws. */
export async function runCommandLine(
  line: string[],
  register: RegisterCommands[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  const program = createProgram(terminal);
  const { untilStopped } = listenForStop(terminal.err);
  const invocation = startInvocation(program, terminal, untilStopped);
  for (const registerInto of register) registerInto(program, invocation.context);
  try {
    await program.parseAsync(line, { from: 'user' });
    return invocation.exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
}

/** The program with its global options and no command yet. */
export function createProgram(terminal: Terminal): Command {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return new Command('worthwhile')
    .description('Cloud cost per squad, exact to the invoice, and whether an optimisation is worth the time.')
    .version(version, '-V, --version', 'print the version')
    .option('-c, --config <file>', 'the configuration file', 'worthwhile.yaml')
    .option('--json', 'print the result as JSON, for machines')
    .option('--no-color', 'print without colours (as does NO_COLOR)')
    .option('-q, --quiet', 'say nothing but the result, warnings and errors')
    .option('--verbose', 'print the full stack of an error')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(worthwhile --help lists commands and options)')
    .addHelpText('after', EXAMPLES)
    .exitOverride();
}

const EXAMPLES = `
Examples:
  worthwhile demo                                  a sample company with a dashboard, no credentials
  worthwhile init                                  write a commented worthwhile.yaml here
  worthwhile run                                   pull what is new, build, publish
  worthwhile serve                                 API and dashboard on http://127.0.0.1:4000
  worthwhile export chargeback --month 2026-09 --format csv --out chargeback.csv
  worthwhile doctor                                is everything in order?

Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 done but something was skipped (and listed).`;
