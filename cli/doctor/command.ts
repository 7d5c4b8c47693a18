import type { Command } from 'commander';
import type { CommandContext, CommandResult } from '../../core/command.ts';
import type { Config } from '../../core/config/schema.ts';
import { EXIT, WorthwhileError } from '../../core/errors.ts';
import { checkCloudBilling } from './cloud-billing.ts';
import { checkCloses } from './closes.ts';
import { failed, ok, type Finding } from './finding.ts';
import { checkCatalog, checkSourceAccess } from './inputs.ts';
import { checkDisk, checkLock, checkVersions } from './machine.ts';
import { checkMeasures } from './measures.ts';
import { checkPublished } from './published.ts';
import { checkRuns, checkSchedule } from './runs.ts';

/** Adds `doctor`: looks at everything a run needs and at what it last published. Exit code 1 where something failed. */
export function registerDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('configuration, access, catalog, freshness, coverage, reconciliation, seals, disk, versions')
    .action(context.action(() => examine(context)));
}

async function examine(context: CommandContext): Promise<CommandResult> {
  const findings = checkVersions();
  let exitCode: number = EXIT.done;
  const config = readConfig(context);
  if (config instanceof WorthwhileError) {
    findings.push(failed('configuration', config.message, config.fix ?? 'correct it'));
    exitCode = config.exitCode;
  } else {
    findings.push(ok('configuration', config.path));
    findings.push(...(await examineWorkspace(config, context)));
    if (findings.some(({ status }) => status === 'failed')) exitCode = EXIT.failed;
  }
  return { json: { findings }, text: findings.map(describe).join('\n'), exitCode };
}

async function examineWorkspace(config: Config, { effects }: CommandContext): Promise<Finding[]> {
  const checks: [string, () => Finding[] | Promise<Finding[]>][] = [
    ['sources', () => checkSourceAccess(config, effects)],
    ['cloud billing', () => checkCloudBilling(config)],
    ['catalog', () => checkCatalog(config)],
    ['drivers and metrics', () => checkMeasures(config)],
    ['lock', () => checkLock(config, effects)],
    ['disk', () => checkDisk(config)],
    ['runs', () => checkRuns(config)],
    ['schedule', () => checkSchedule(config, effects)],
    ['generation', () => checkPublished(config, effects)],
    ['closed months', () => checkCloses(config)],
  ];
  const findings: Finding[] = [];
  for (const [what, check] of checks) {
    try {
      findings.push(...(await check()));
    } catch (error) {
      findings.push(failed(what, error instanceof Error ? error.message : String(error), fixOf(error)));
    }
  }
  return findings;
}

function readConfig(context: CommandContext): Config | WorthwhileError {
  try {
    return context.config();
  } catch (error) {
    if (error instanceof WorthwhileError) return error;
    throw error;
  }
}

function fixOf(error: unknown): string {
  return (error instanceof WorthwhileError && error.fix) || 'see the message; --verbose shows more';
}

const MARKS = { ok: '✔', warning: '!', failed: '✖' } as const;

function describe({ what, status, detail, fix }: Finding): string {
  const next = fix && !detail.includes(fix) ? `\n    next: ${fix}` : '';
  return `${MARKS[status]} ${what}: ${detail}${next}`;
}
