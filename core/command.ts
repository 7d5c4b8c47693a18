import type { Config } from './config/schema.ts';
import type { Effects, Skipped } from './effects.ts';
import type { RunCommand, RunNotes, RunTrigger } from './run-record.ts';

/** What a command hands back: `json` is printed with --json, `text` otherwise; anything skipped makes the exit code 3. */
export interface CommandResult {
  json: unknown;
  text: string;
  skipped?: Skipped[];
  /** For a command that ran to its end and found something wrong (doctor): overrides the exit code. */
  exitCode?: number;
}

/**
 * What the command line gives to the commands of each room (`register<Room>Commands(program, context)`).
 * An action is wrapped in `context.action`, which renders errors and results and sets the exit code:
 * `program.command('build').action(context.action(async (options) => ({ json, text })))`
 */
export interface CommandContext {
  /** The configuration that --config names; read and checked at the first call. Throws CONFIG_*. */
  config: () => Config;
  /** Clock, progress and warnings of this invocation. Results go to stdout, these to stderr. */
  effects: Effects;
  json: () => boolean;
  /** Wraps a command's work; its arguments are those that commander hands to an action. */
  action: <Arguments extends unknown[]>(
    work: (...args: Arguments) => Promise<CommandResult | void>,
  ) => (...args: Arguments) => Promise<void>;
  /** Does `work` while no other process writes to the workspace; hands it the effects to act with. Throws WORKSPACE_BUSY. */
  locked: <Result>(command: string, work: (held: Effects) => Promise<Result>) => Promise<Result>;
  /**
   * As `locked`, and kept in the workspace's run history with what `work` notes about itself. What is refused because somebody
   * else holds the workspace leaves no trace there.
   */
  recorded: <Result extends { skipped: Skipped[] }>(
    run: { command: RunCommand; trigger?: RunTrigger },
    work: (held: Effects, notes: RunNotes) => Promise<Result>,
  ) => Promise<Result>;
  /** Resolves when the process is asked to stop (SIGINT or SIGTERM); for commands that serve. */
  untilStopped: () => Promise<void>;
}
