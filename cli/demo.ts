import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { serve } from '../api/serve.ts';
import { writeFileAtomic } from '../core/atomic-file.ts';
import type { CommandContext } from '../core/command.ts';
import { loadConfig } from '../core/config/load.ts';
import type { Effects } from '../core/effects.ts';
import { WorthwhileError } from '../core/errors.ts';
import { withWorkspaceLock } from '../core/lock.ts';
import { workspaceAt } from '../core/workspace.ts';
import { generateCompany, type CompanySize } from '../fixtures/generate.ts';
import { recordRun } from './recorded-run.ts';
import { runOnce } from './run.ts';

interface DemoOptions {
  folder: string;
  size: CompanySize;
  port: number;
  host: string;
  serve: boolean;
}

/** Change it when the sample company changes, so that an older one is made anew. */
const SAMPLE_VERSION = 4;
const STAMP = 'sample-company.json';

/** Adds `demo`: makes the sample company where it is missing or out of date, runs, serves. */
export function registerDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('make the sample company, run, and serve its dashboard; no credentials needed')
    .option('--folder <path>', 'where the sample company lives', './demo')
    .addOption(new Option('--size <size>', 'how many rows').choices(['small', 'demo', 'full']).default('demo'))
    .option('--port <number>', 'port to listen on; 0 takes a free one', parsePort, 4000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--no-serve', 'end after the build')
    .action(
      context.action(async (options: DemoOptions) => {
        const folder = resolve(options.folder);
        const { config, report } = await prepareDemo(folder, options.size, context.effects);
        const { generation } = report.build;
        const text = `The sample company is in ${folder} (generation ${generation}).`;
        if (!options.serve) return { json: { folder, ...report }, text, skipped: report.skipped };
        const server = await serve(config, { port: options.port, host: options.host }, context.effects);
        context.effects.progress({ step: 'serve', fraction: 1, detail: server.url });
        process.stdout.write(
          context.json()
            ? `${JSON.stringify({ url: server.url, folder, generation })}\n`
            : `\n${text}\nThe dashboard is at ${server.url} (Ctrl+C stops it).\n`,
        );
        await context.untilStopped();
        await server.close();
        return undefined;
      }),
    );
}

async function prepareDemo(folder: string, size: CompanySize, effects: Effects) {
  const stamp = JSON.stringify({ version: SAMPLE_VERSION, size, month: effects.now().toISOString().slice(0, 7) });
  mkdirSync(folder, { recursive: true });
  const workspace = workspaceAt(join(folder, 'data'));
  return withWorkspaceLock(
    workspace,
    'demo',
    async (held) => {
      if (!isCurrent(folder, stamp)) {
        clearSample(folder);
        writeFileAtomic(join(folder, STAMP), JSON.stringify({ state: 'being made' }));
        await generateCompany({ folder, size }, held);
        writeFileAtomic(join(folder, STAMP), stamp);
      }
      const config = loadConfig(join(folder, 'worthwhile.yaml'));
      const run = { command: 'run', trigger: 'command line' } as const;
      const report = await recordRun(workspace, run, (effects, notes) => runOnce(config, {}, effects, notes), held);
      return { config, report };
    },
    effects,
  );
}

function isCurrent(folder: string, stamp: string): boolean {
  const path = join(folder, STAMP);
  return existsSync(path) && readFileSync(path, 'utf8') === stamp;
}

/** Empties a folder that an earlier demo made; refuses one that holds anything else. The lock in `data` stays. */
function clearSample(folder: string): void {
  const entries = readdirSync(folder).filter((name) => name !== 'data');
  if (entries.length > 0 && !entries.includes(STAMP)) {
    throw new WorthwhileError('USAGE', 'the folder for the sample company holds something else', {
      on: folder,
      fix: 'name an empty or a new folder with --folder',
    });
  }
  for (const name of entries) if (name !== STAMP) rmSync(join(folder, name), { recursive: true });
  const data = workspaceAt(join(folder, 'data'));
  for (const name of readdirSync(data.root)) {
    if (join(data.root, name) !== data.lock) rmSync(join(data.root, name), { recursive: true });
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a port from 0 to 65535.');
}
