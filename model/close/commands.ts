import { userInfo } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../../core/command.ts';
import { EXIT, WorthwhileError } from '../../core/errors.ts';
import type { BuildReport } from '../build.ts';
import { recordedBuild } from '../recorded.ts';
import { closeMonth, reopenMonth, type CloseReport } from './close.ts';
import { verify, type Verified } from './verify.ts';

interface CloseOptions {
  reason?: string;
  by?: string;
  yes?: boolean;
  check?: boolean;
}

/** Adds `close`, `reopen` and `verify`. */
export function registerCloseCommands(program: Command, context: CommandContext): void {
  program
    .command('close')
    .description('close a billing month: check it, seal what it charges, and never change it again')
    .argument('<YYYY-MM>', 'billing month', parseMonth)
    .option('--reason <text>', 'why it is closed now; kept in the ledger')
    .option('--by <name>', 'who closes it', userInfo().username)
    .option('--yes', 'close it although there is reason to wait')
    .option('--check', 'only say whether it may be closed')
    .addHelpText('after', '\nExample:\n  worthwhile close 2026-09 --by "Jo Berg" --reason "booked in the ledger"')
    .action(context.action((month: string, options: CloseOptions) => close(context, month, options)));
  program
    .command('reopen')
    .description('open a closed billing month again; what was sealed is kept, and the next close is a new version')
    .argument('<YYYY-MM>', 'billing month', parseMonth)
    .requiredOption('--reason <text>', 'why; kept in the ledger')
    .option('--by <name>', 'who reopens it', userInfo().username)
    .action(context.action((month: string, options: CloseOptions) => reopen(context, month, options)));
  program
    .command('verify')
    .description('recompute every seal, their chain and the reconciliation; say what differs')
    .action(context.action(async () => verified(await verify(context.config()))));
}

async function close(context: CommandContext, month: string, options: CloseOptions): Promise<CommandResult> {
  const { by = '', reason, yes: accept = false, check = false } = options;
  const request = { month, by: named(by), reason: reason ?? null, accept, check };
  const report = await context.locked('close', (held) => closeMonth(context.config(), request, held));
  if (!report.closed) return { json: report, text: [...report.checks.map(describe), verdict(report)].join('\n') };
  const { version, seal, rows } = report.closed;
  const text = [
    ...report.checks.map(describe),
    `${month} is closed (version ${version}, ${rows.count} rows), seal ${seal}`,
  ].join('\n');
  return published(context, { json: { ...report }, text });
}

function verdict({ month, checks }: CloseReport): string {
  return checks.some(({ status }) => status === 'warning')
    ? `${month} may be closed with --yes, by someone who knows better than these warnings`
    : `${month} may be closed`;
}

async function reopen(context: CommandContext, month: string, options: CloseOptions): Promise<CommandResult> {
  const request = { month, by: named(options.by ?? ''), reason: named(options.reason ?? '', '--reason') };
  const entry = await context.locked('reopen', async (held) => reopenMonth(context.config(), request, held));
  const text = `${month} is open again; version ${String(entry.what['version'])} is kept as it was sealed`;
  return published(context, { json: { reopened: entry }, text });
}

/** Publishes what was decided. The decision stands also where that fails, so it is told as something left out. */
async function published(
  context: CommandContext,
  { json, text }: { json: Record<string, unknown>; text: string },
): Promise<CommandResult> {
  try {
    const build: BuildReport = await context.recorded({ command: 'build' }, (held, notes) =>
      recordedBuild(context.config(), {}, held, notes),
    );
    return { json: { ...json, build }, text, skipped: build.skipped };
  } catch (error) {
    const why = `${error instanceof Error ? error.message : String(error)}; run \`worthwhile build\``;
    return { json: { ...json, build: null }, text, skipped: [{ what: 'publishing it', why }] };
  }
}

function verified(findings: Verified[]): CommandResult {
  const isWhole = findings.every(({ status }) => status !== 'failed');
  const last = isWhole ? 'everything is as it was sealed' : 'what is marked above differs from what was sealed';
  return {
    json: { holds: isWhole, findings },
    text: [...findings.map(describe), last].join('\n'),
    exitCode: isWhole ? EXIT.done : EXIT.failed,
  };
}

const MARKS = { ok: '✔', warning: '!', failed: '✖', refused: '✖' } as const;

function describe({ what, status, detail }: { what: string; status: keyof typeof MARKS; detail: string }): string {
  return `${MARKS[status]} ${what}: ${detail}`;
}

function named(text: string, option = '--by'): string {
  if (text.trim() !== '') return text.trim();
  throw new WorthwhileError('USAGE', `${option} is empty`, { fix: `give ${option} a text` });
}

function parseMonth(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError('Give a month such as 2026-09.');
}
