/**
 * `npm run bench` runs every bench one after the other; `npm run bench <name> -- <options>` runs one.
 * Each prints what it measured beside its goal; none fails for being slow.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BENCHES = ['build', 'api', 'pull', 'allocate'];
const [named, ...options] = process.argv.slice(2);

if (named !== undefined && !BENCHES.includes(named)) {
  console.error(`there is no bench "${named}"; known are ${BENCHES.join(', ')}`);
  process.exit(2);
}
for (const name of named ? [named] : BENCHES) {
  console.log(`\n== ${name}`);
  const ended = spawnSync(process.execPath, ['--import', 'tsx', join(import.meta.dirname, `${name}.ts`), ...options], {
    stdio: 'inherit',
    env: { ...process.env, TZ: 'UTC', UV_THREADPOOL_SIZE: '16' },
  });
  if (ended.status !== 0) process.exit(ended.status ?? 1);
}
