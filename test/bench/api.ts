/**
 * How fast the API answers over a built workspace: 20 clients at once on every question of the dashboard, then each question
 * alone on a fresh server (nothing cached). `npm run bench api -- --config demo/worthwhile.yaml --seconds 5`
 */
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { loadConfig } from '../../core/config/load.ts';
import { silentEffects } from '../../core/effects.ts';
import { serve } from '../../api/serve.ts';

const { values } = parseArgs({
  options: {
    config: { type: 'string', default: 'demo/worthwhile.yaml' },
    seconds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '20' },
  },
});
const server = await serve(loadConfig(values.config), { host: '127.0.0.1', port: 0 }, silentEffects);
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
  `\n${values.clients} clients: p50 ${result.latency.p50} ms, p95 ${result.latency.p97_5} ms (97.5th), p99 ${result.latency.p99} ms, ` +
    `${result.requests.average.toFixed(0)} requests/s, ${result.non2xx} not 2xx, ${result.errors} errors (goal: p95 under 50 ms)`,
);
await server.close();

async function questions(url: string): Promise<string[]> {
  const read = async (path: string): Promise<any> => (await fetch(new URL(path, url))).json();
  const meta = await read('/api/v1/meta');
  const month: string = meta.billingPeriods.at(-2)?.month ?? meta.billingPeriods.at(-1).month;
  const squads = await read('/api/v1/squads?limit=5');
  const components = await read('/api/v1/components?limit=5');
  const squad = encodeURIComponent(squads.items[0].SquadId);
  const component = encodeURIComponent(components.items[0].ComponentId);
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
