import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { writeFileAtomic } from '../core/atomic-file.ts';
import type { CommandContext, CommandResult } from '../core/command.ts';
import { loadConfig } from '../core/config/load.ts';
import { WorthwhileError } from '../core/errors.ts';
import { BILLING_KINDS, type BillingKind } from '../core/lake.ts';
import { configTemplate, type TableName } from './config-template.ts';
import { checkSources, type SourceAccess } from './source-access.ts';

interface InitOptions {
  kind: BillingKind;
  files: string[];
  catalog: string[];
  print?: boolean;
  force?: boolean;
}

/** Adds `init`: writes a commented configuration and says whether each source's files can be read. */
export function registerInitCommand(program: Command, context: CommandContext): void {
  program
    .command('init')
    .description('write a commented worthwhile.yaml, and check access to each source')
    .addOption(
      new Option('--kind <kind>', 'what the billing files hold').choices(BILLING_KINDS).default('gcp-billing-detailed'),
    )
    .option('--files <glob...>', 'the billing files', ['./billing/**/*.parquet'])
    .addOption(
      new Option('--bigquery <table>', 'pull from this BigQuery table instead (project.dataset.table)')
        .argParser(tableName)
        .conflicts('files'),
    )
    .option('--catalog <glob...>', 'the Backstage catalog files', ['./catalog/**/*.yaml'])
    .option('--print', 'print the file instead of writing it')
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'after',
      "\nExamples:\n  worthwhile init --kind focus --files './bills/*.csv'\n  worthwhile init --bigquery acme-billing.billing.gcp_billing_export_resource_v1_010101_F0FFF0_61C528",
    )
    .action(
      context.action((options: InitOptions) =>
        initCommand(program.opts<{ config: string }>().config, options, context),
      ),
    );
}

async function initCommand(config: string, options: InitOptions, context: CommandContext): Promise<CommandResult> {
  const path = resolve(config);
  const text = configTemplate(options);
  if (options.print) return { json: { path, text }, text: text.trimEnd() };
  if (existsSync(path) && !options.force) {
    throw new WorthwhileError('USAGE', 'there is a configuration file already', {
      on: path,
      fix: 'name another with --config, or replace this one with --force; --print only shows what would be written',
    });
  }
  writeFileAtomic(path, text);
  const sources = await checkSources(loadConfig(path), context.effects);
  return {
    json: { path, sources },
    text: [`Wrote ${path}`, ...sources.map(describeAccess), nextStep(sources)].join('\n'),
  };
}

/** A project may have a domain in front, as in `example.com:billing`. */
function tableName(text: string): TableName {
  const found = /^([^.]+(?:\.[^.:]+:[^.]+)?)\.([^.]+)\.([^.]+)$/.exec(text.replaceAll('`', ''));
  if (!found) throw new InvalidArgumentError('Write it as project.dataset.table.');
  const [, project, dataset, table] = found as unknown as [string, string, string, string];
  return { project, dataset, table };
}

function describeAccess({ name, found, problem, fix }: SourceAccess): string {
  if (!problem) return `source ${name}: ${found}, readable`;
  return fix ? `source ${name}: ${problem}\n  next: ${fix}` : `source ${name}: ${problem}`;
}

function nextStep(sources: SourceAccess[]): string {
  return sources.some(({ problem }) => problem)
    ? 'Next: put right what is under `sources` in that file, then `worthwhile doctor`.'
    : 'Next: `worthwhile run`, then `worthwhile serve`.';
}
