import { InvalidArgumentError, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../core/command.ts';
import { sizeText } from './bigquery/cost.ts';
import { describeCloudBilling } from './cloud-billing/describe.ts';
import type { IngestOptions } from './ingest.ts';
import { recordedIngest } from './recorded.ts';
import type { MeasureReport } from './measures/load-measures.ts';
import type { IngestReport, SourceReport } from './report.ts';

/** Adds `ingest`, which pulls the sources and the catalog into the lake and builds nothing. */
export function registerIngestCommands(program: Command, context: CommandContext): void {
  program
    .command('ingest')
    .description('pull changed billing files and the catalog into the lake, without building')
    .option('--source <names...>', 'only these sources')
    .option('--since <day>', 'only partitions of this day (YYYY-MM-DD) and later', day)
    .option('--full', 'read and hash every file again, also those that look unchanged')
    .action(context.action((options: IngestCommandOptions) => ingestCommand(context, options)));
}

interface IngestCommandOptions {
  source?: string[];
  since?: string;
  full?: boolean;
}

async function ingestCommand(context: CommandContext, options: IngestCommandOptions): Promise<CommandResult> {
  const { source, ...others } = options;
  const chosen: IngestOptions = { ...others, ...(source && { sources: source }) };
  const report = await context.recorded({ command: 'ingest' }, (held, notes) =>
    recordedIngest(context.config(), chosen, held, notes),
  );
  return { json: report, text: describeReport(report), skipped: report.skipped };
}

const CATALOG_STATUS = {
  loaded: 'loaded',
  unchanged: 'unchanged',
  kept: 'as loaded before: it could not be read',
  none: 'none',
};

/** The report in words, one line a source. */
export function describeReport({ sources, measures, catalog, cloudBilling }: IngestReport): string {
  const lines = [...sources.map(describeSource), ...measures.map(describeMeasure)];
  if (catalog.status !== 'none') {
    lines.push(
      `catalog: ${catalog.components} components, ${catalog.squads} squads (${CATALOG_STATUS[catalog.status]})`,
    );
  }
  if (cloudBilling) lines.push(describeCloudBilling(cloudBilling));
  return lines.join('\n');
}

function describeMeasure({ kind, name, status, rows, firstPeriod, lastPeriod }: MeasureReport): string {
  return `${name} (${kind}): ${rows.toLocaleString('en')} rows, ${firstPeriod} to ${lastPeriod} (${status})`;
}

function describeSource({ name, kind, landed, unchanged, replaced, missing, rows, pulled }: SourceReport): string {
  const facts = [
    `${landed.length} landed${replaced.length > 0 ? ` (${replaced.length} replaced)` : ''}`,
    `${unchanged} unchanged`,
    ...(missing.length > 0 ? [`${missing.length} missing at the source`] : []),
    `${rows.toLocaleString('en')} rows`,
    ...(pulled ? [`${sizeText(BigInt(pulled.bytesBilled))} billed ($${pulled.priceUsd})`] : []),
    ...(pulled?.estimate ? [`a dry run foresaw at least ${sizeText(BigInt(pulled.estimate.bytes))}`] : []),
  ];
  return `${name} (${kind}): ${facts.join(', ')}`;
}

function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new InvalidArgumentError('Write the day as YYYY-MM-DD.');
  return text;
}
