import { rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../core/command.ts';
import type { Config } from '../core/config/schema.ts';
import { WorthwhileError } from '../core/errors.ts';
import { runHistory } from '../core/run-record.ts';
import { workspaceAt } from '../core/workspace.ts';
import { EXPORT_FORMATS, exportFormat, month, type ExportFormat } from './contract/index.ts';
import { exportChargeback } from './export/chargeback.ts';
import { deliverToFile, deliverToStream } from './export/deliver.ts';
import { runInChild } from './schedule/child.ts';
import { startSchedule, type RunningSchedule } from './schedule/schedule.ts';
import { localTime, machineTimezone, nextTimes, parseSchedule, type ScheduledTimes } from './schedule/times.ts';
import { serve } from './serve.ts';
import { openWarehouse } from './warehouse/hub.ts';

/** Adds `serve` and `export chargeback`. */
export function registerApiCommands(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('serve API and dashboard on one port, following new generations')
    .option('--port <number>', 'port to listen on; 0 takes a free one', parsePort)
    .option('--host <address>', 'address to listen on')
    .option('--schedule <cron>', 'run by itself at these times, for example "0 6 * * *"; see also docs/scheduling.md')
    .option(
      '--schedule-timezone <zone>',
      "time zone of the schedule, for example Europe/Stockholm; default: this machine's",
    )
    .option('--no-schedule', 'do not run by itself, whatever the configuration says')
    .action(context.action((options: ServeCommandOptions) => serveCommand(context, options)));

  program
    .command('export')
    .description('write answers as files')
    .command('chargeback')
    .description('the chargeback of a billing month')
    .requiredOption('--month <YYYY-MM>', 'billing month', parseMonth)
    .addOption(new Option('--format <format>', 'default: by the ending of --out, else csv').choices(EXPORT_FORMATS))
    .option('--out <file>', 'file to write; default: standard output')
    .option('--squad <id>', 'only this squad')
    .option('--currency <code>', 'only this currency')
    .addHelpText('after', '\nA month without charges writes nothing and exits 1, naming the months that have some.')
    .action(context.action((options: ExportOptions) => exportCommand(context, options)));
}

interface ServeCommandOptions {
  port?: number;
  host?: string;
  /** False where `--no-schedule` is given. */
  schedule?: string | false;
  scheduleTimezone?: string;
}

async function serveCommand(context: CommandContext, options: ServeCommandOptions): Promise<void> {
  const config = context.config();
  const times = scheduleOf(config, options, context.effects.now());
  let schedule: RunningSchedule | null = null;
  const port = options.port ?? config.serve.port;
  const host = options.host ?? config.serve.host;
  const server = await serve(config, { port, host, schedule: () => schedule?.status() ?? null }, context.effects);
  process.stdout.write(
    context.json() ? `${JSON.stringify({ url: server.url })}\n` : `Worthwhile is at ${server.url}\n`,
  );
  if (times) schedule = beginSchedule(times, config, context);
  await context.untilStopped();
  await Promise.all([schedule?.stop(), server.close()]);
}

/** When to run, by the command line or else the configuration; null where neither says. */
function scheduleOf(config: Config, options: ServeCommandOptions, now: Date): ScheduledTimes | null {
  const expression = options.schedule ?? config.serve.schedule;
  if (expression) {
    const timezone = options.scheduleTimezone ?? config.serve.scheduleTimezone ?? machineTimezone();
    return parseSchedule(expression, timezone, now);
  }
  if (options.scheduleTimezone === undefined) return null;
  throw new WorthwhileError('USAGE', '--schedule-timezone is given, and no schedule', {
    fix: "say when to run: --schedule '0 6 * * *'",
  });
}

function beginSchedule(times: ScheduledTimes, config: Config, { effects }: CommandContext): RunningSchedule {
  const history = runHistory(workspaceAt(config.workspace));
  const next = nextTimes(times, effects.now()).map((at) => localTime(at, times.timezone));
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  say(`schedule: "${times.expression}" (${times.timezone}), next ${next.join(', ')}`);
  return startSchedule(
    times,
    {
      startRun: () => runInChild(process.argv[1]!, config.path),
      lastRunAt: () => {
        const [last] = history.list();
        return last ? new Date(last.startedAt) : null;
      },
      say,
    },
    effects,
  );
}

interface ExportOptions {
  month: string;
  format?: ExportFormat;
  out?: string;
  squad?: string;
  currency?: string;
}

async function exportCommand(context: CommandContext, options: ExportOptions): Promise<CommandResult | void> {
  const config = context.config();
  const { month, out, squad, currency } = options;
  const format = formatOf(options);
  refuseTerminal(format, out);
  const workspace = workspaceAt(config.workspace);
  const warehouse = await openWarehouse(
    { workspace, memoryLimit: config.resources.memory, pollMs: 0 },
    context.effects,
  );
  try {
    const exported = await warehouse.read((reader) => exportChargeback(reader, { month, format, squad, currency }));
    try {
      if (out === undefined) return await deliverToStream(exported.path, process.stdout);
      const path = await deliverToFile(exported.path, out);
      const json = { month, format, path, bytes: exported.bytes };
      return { json, text: `Wrote the chargeback of ${month} to ${path} (${exported.bytes} bytes)` };
    } finally {
      await rm(exported.path, { force: true });
    }
  } finally {
    await warehouse.close();
  }
}

function formatOf({ format, out }: ExportOptions): ExportFormat {
  if (format) return format;
  const byEnding = exportFormat.safeParse(out ? extname(out).slice(1).toLowerCase() : undefined);
  return byEnding.success ? byEnding.data : 'csv';
}

function refuseTerminal(format: ExportFormat, out: string | undefined): void {
  if (out !== undefined || !process.stdout.isTTY || (format !== 'xlsx' && format !== 'parquet')) return;
  throw new WorthwhileError('USAGE', `${format} is not text, and standard output is a terminal`, {
    fix: `name a file: --out chargeback.${format}`,
  });
}

function parseMonth(text: string): string {
  const parsed = month.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('Give a month such as 2026-09.');
  return parsed.data;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Give a port from 0 to 65535.');
  return port;
}
