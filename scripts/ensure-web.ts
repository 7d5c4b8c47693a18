/** Builds the dashboard into dist/web where it is missing or older than its sources. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');
const page = join(root, 'dist', 'web', 'index.html');

if (isStale()) {
  console.log('building the dashboard ...');
  const started = performance.now();
  await build({ root: join(root, 'web'), configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  console.log(`built the dashboard (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

function isStale(): boolean {
  if (!existsSync(page)) return true;
  const built = statSync(page).mtimeMs;
  const sources = globSync(['web/**/*', 'api/contract/**/*', 'vite.config.ts', 'package-lock.json'], { cwd: root });
  return sources.some((path) => statSync(join(root, path)).mtimeMs > built);
}
