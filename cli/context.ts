import type { Command } from 'commander';
import type { CommandContext, CommandResult } from '../core/command.ts';
import { loadConfig } from '../core/config/load.ts';
import type { Config } from '../core/config/schema.ts';
import type { Effects, Skipped } from '../core/effects.ts';
import { EXIT } from '../core/errors.ts';
import { withWorkspaceLock } from '../core/lock.ts';
import { workspaceAt } from '../core/workspace.ts';
import { asFailure, describeFailure, failureJson } from './failures.ts';
import { noProgress, startProgress, type Progress } from './progress.ts';
import { recordRun } from './recorded-run.ts';
import { painter, type Terminal } from './terminal.ts';

/** What holds for every command, wherever it stands on the line. */
interface GlobalOptions {
  config: string;
  json?: boolean;
  color: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

export interface Invocation {
  context: CommandContext;
  exitCode: () => number;
}

/** The context of one invocation: options are read when asked for, so it may be made before the line is parsed. */
export function startInvocation(program: Command, terminal: Terminal, untilStopped: () => Promise<void>): Invocation {
  let exitCode: number = EXIT.done;
  let config: Config | undefined;
  let progress: Progress | undefined;
  const options = (): GlobalOptions => program.opts<GlobalOptions>();
  const paint = (...[style, text]: Parameters<ReturnType<typeof painter>>): string =>
    painter(terminal.colour && options().color)(style, text);
  const drawn = (): Progress => (progress ??= options().quiet ? noProgress(terminal) : startProgress(terminal, paint));

  const effects: Effects = {
    now: () => new Date(),
    progress: (update) => drawn().update(update),
    warn: (message) => drawn().note(`${paint('yellow', 'warning:')} ${message}`),
  };
  const readConfig = (): Config => (config ??= loadConfig(options().config));

  const finish = (result: CommandResult | void): void => {
    drawn().finish('done');
    if (!result) return;
    const skipped = result.skipped ?? [];
    exitCode = result.exitCode ?? (skipped.length > 0 ? EXIT.skipped : EXIT.done);
    if (options().json) terminal.out(`${jsonText(result.json)}\n`);
    else terminal.out(result.text === '' ? '' : `${result.text}\n`);
    if (skipped.length > 0) terminal.err(skippedText(skipped));
  };
  const fail = (error: unknown): void => {
    drawn().finish('failed');
    const failure = asFailure(error);
    exitCode = failure.exitCode;
    if (options().json) terminal.out(`${jsonText(failureJson(failure))}\n`);
    terminal.err(describeFailure(failure, paint, options().verbose ?? false));
  };

  return {
    exitCode: () => exitCode,
    context: {
      config: readConfig,
      effects,
      json: () => options().json ?? false,
      action:
        (work) =>
        async (...args) => {
          try {
            finish(await work(...args));
          } catch (error) {
            fail(error);
          }
        },
      locked: (command, work) => withWorkspaceLock(workspaceAt(readConfig().workspace), command, work, effects),
      recorded: async ({ command, trigger = 'command line' }, work) => {
        const workspace = workspaceAt(readConfig().workspace);
        const record = (held: Effects) => recordRun(workspace, { command, trigger }, work, held);
        return withWorkspaceLock(workspace, command, record, effects);
      },
      untilStopped,
    },
  };
}

function skippedText(skipped: Skipped[]): string {
  const lines = skipped.map(({ what, why }) => `  ${what}: ${why}\n`);
  return `skipped, so the exit code is ${EXIT.skipped}:\n${lines.join('')}`;
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part), 2);
}
