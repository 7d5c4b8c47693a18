/**
 * How fast and in how much memory rows are pulled from BigQuery, beside Google's client reading the same rows and dropping them.
 * The server stands on this machine and shares its cores. `npm run bench pull -- --rows 5000000 --paged-rows 500000`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { gigabytes, measureTask } from './measure.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '5000000' }, 'paged-rows': { type: 'string', default: '500000' } },
});
const tasks = join(import.meta.dirname, 'pull-tasks.ts');
const GOAL_BYTES = 1e9;

interface Answer {
  rows: number;
  seconds: number;
}

interface Server {
  apiEndpoint: string;
  storageEndpoint: string;
  stop: () => Promise<void>;
}

await compare('Storage Read', Number(values.rows), ({ apiEndpoint, storageEndpoint }) => ({
  bare: ['storage', apiEndpoint, storageEndpoint],
  settings: { storageEndpoint },
}));
await compare('paged results', Number(values['paged-rows']), ({ apiEndpoint }) => ({
  bare: ['paged', apiEndpoint],
  settings: { storageRead: 'never' },
}));

async function compare(
  name: string,
  rows: number,
  way: (server: Server) => { bare: string[]; settings: object },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'worthwhile-pull-bench-'));
  const server = await startServer(rows);
  try {
    const { bare: bareTask, settings } = way(server);
    const config = join(folder, 'worthwhile.yaml');
    const bigquery = {
      project: 'data',
      dataset: 'billing',
      table: 'export',
      apiEndpoint: server.apiEndpoint,
      ...settings,
    };
    const source = { name: 'gcp', kind: 'gcp-billing-detailed', bigquery };
    writeFileSync(config, stringify({ workspace: './data', sources: [source] }));
    const bare = await measureTask<Answer>(tasks, bareTask);
    const product = await measureTask<Answer>(tasks, ['product', config]);
    if (product.answer.rows !== bare.answer.rows) throw new Error('the product and the client read different rows');
    const peak = product.peakBytes;
    console.log(`${name}: ${product.answer.rows.toLocaleString('en')} rows`);
    console.log(`  the client's own stream   ${rate(bare.answer)}   peak ${gigabytes(bare.peakBytes)}`);
    console.log(
      `  pulled into the lake      ${rate(product.answer)}   ${(product.answer.seconds / bare.answer.seconds).toFixed(1)} x its time`,
    );
    console.log(
      `  peak memory of the pull   ${gigabytes(peak)}   (goal below 1 GB: ${peak < GOAL_BYTES ? 'met' : 'MISSED'})`,
    );
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rate({ rows, seconds }: Answer): string {
  return `${Math.round(rows / seconds)
    .toLocaleString('en')
    .padStart(9)} rows/s (${seconds.toFixed(1)} s)`;
}

async function startServer(rows: number): Promise<Server> {
  const script = join(import.meta.dirname, 'pull-server.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, String(rows)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    ...(JSON.parse(line) as Pick<Server, 'apiEndpoint' | 'storageEndpoint'>),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
