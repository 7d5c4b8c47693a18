/**
 * How fast the API answers over the sample company: each question of the dashboard once on a fresh server (nothing cached),
 * then 20 clients at once on all of them. `npm run bench api -- --seconds 10 --clients 20`; `--config F` takes another workspace.
 */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { loadConfig } from '../../core/config/load.ts';
import { silentEffects } from '../../core/effects.ts';
import type { ComponentsAnswer, MetaAnswer, SquadsAnswer } from '../../api/contract/index.ts';
import { serve } from '../../api/serve.ts';
import { generateCompany } from '../../fixtures/generate.ts';
import { ingest } from '../../ingest/ingest.ts';
import { build } from '../../model/build.ts';

const { values } = parseArgs({
  options: {
    config: { type: 'string', default: 'bench-data/demo/worthwhile.yaml' },
    seconds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '20' },
  },
});
if (!existsSync(values.config))
  await generateCompany({ folder: resolve(dirname(values.config)), size: 'demo' }, silentEffects);
const config = loadConfig(values.config);
await ingest(config, {}, silentEffects);
await build(config, {}, silentEffects);
const server = await serve(config, { host: '127.0.0.1', port: 0 }, silentEffects);
const paths = await questions(server.url);

console.log('question'.padEnd(72), 'first ms');
for (const path of paths) {
  const started = performance.now();
  const answer = await fetch(new URL(path, server.url));
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  console.log(path.padEnd(72), (performance.now() - started).toFixed(1));
}

const result = await autocannon({
  url: server.url,
  connections: Number(values.clients),
  duration: Number(values.seconds),
  requests: paths.map((path) => ({ method: 'GET', path })),
});
console.log(
  `\n${values.clients} clients: p50 ${result.latency.p50} ms, p97.5 ${result.latency.p97_5} ms (no less than p95), p99 ${result.latency.p99} ms, ` +
    `${result.requests.average.toFixed(0)} requests/s, ${result.non2xx} not 2xx, ${result.errors} errors (goal: p95 under 50 ms)`,
);
await server.close();

async function questions(url: string): Promise<string[]> {
  const read = async <Answer>(path: string): Promise<Answer> =>
    (await (await fetch(new URL(path, url))).json()) as Answer;
  const meta = await read<MetaAnswer>('/api/v1/meta');
  const month = (meta.billingPeriods[1] ?? meta.billingPeriods[0])!.month;
  const { squads } = await read<SquadsAnswer>('/api/v1/squads?limit=5');
  const { components } = await read<ComponentsAnswer>('/api/v1/components?limit=5');
  const squad = encodeURIComponent(squads[0]!.SquadId);
  const component = encodeURIComponent(components[0]!.ComponentId);
  const range = `from=${meta.firstDay}&to=${meta.lastDay}`;
  return [
    '/api/v1/meta',
    '/api/v1/organisation',
    '/api/v1/squads',
    `/api/v1/squads/${squad}`,
    '/api/v1/components',
    `/api/v1/components/${component}`,
    ...['squad', 'service', 'component', 'skuGroup', 'project'].map(
      (by) => `/api/v1/spend?${range}&granularity=day&by=${by}`,
    ),
    `/api/v1/spend?${range}&granularity=month&by=tribe`,
    `/api/v1/spend?${range}&granularity=day&by=service&squad=${squad}`,
    `/api/v1/changes?month=${month}&by=squad`,
    `/api/v1/changes?month=${month}&by=component`,
    `/api/v1/chargeback?month=${month}`,
    `/api/v1/coverage?month=${month}`,
    `/api/v1/unallocated?month=${month}`,
    '/api/v1/reconciliation',
    '/api/v1/freshness',
  ];
}
