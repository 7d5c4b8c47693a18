import { rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../core/command.ts';
import { WorthwhileError } from '../core/errors.ts';
import { workspaceAt } from '../core/workspace.ts';
import { EXPORT_FORMATS, exportFormat, month, type ExportFormat } from './contract/index.ts';
import { exportChargeback } from './export/chargeback.ts';
import { deliverToFile, deliverToStream } from './export/deliver.ts';
import { serve } from './serve.ts';
import { openWarehouse } from './warehouse/hub.ts';

/** Adds `serve` and `export chargeback`. */
export function registerApiCommands(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('serve API and dashboard on one port, following new generations')
    .option('--port <number>', 'port to listen on; 0 takes a free one', parsePort)
    .option('--host <address>', 'address to listen on')
    .action(context.action((options: { port?: number; host?: string }) => serveCommand(context, options)));

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

async function serveCommand(context: CommandContext, options: { port?: number; host?: string }): Promise<void> {
  const config = context.config();
  const port = options.port ?? config.serve.port;
  const server = await serve(config, { port, host: options.host ?? config.serve.host }, context.effects);
  process.stdout.write(
    context.json() ? `${JSON.stringify({ url: server.url })}\n` : `Worthwhile is at ${server.url}\n`,
  );
  await context.untilStopped();
  await server.close();
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
