/**
 * Installs Google's SQL evaluator for the tests (354 MB unpacked, so not among the package's own dependencies).
 * Does nothing where the version that test/googlesql/package-lock.json pins is already there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'test', 'googlesql');
const name = '@fivetrandevelopers/zetasql';
const installed = join(folder, 'node_modules', name, 'package.json');
const lock = read(join(folder, 'package-lock.json')) as { packages: Record<string, { version: string }> };
const pinned = lock.packages[`node_modules/${name}`]!.version;

if (!existsSync(installed) || (read(installed) as { version: string }).version !== pinned) {
  console.log(`installing ${name} ${pinned} into test/googlesql (once; 354 MB unpacked) ...`);
  // Its dependency's install script only prints advice; nothing of it is needed.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const ended = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (ended.status !== 0) {
    console.error(
      `\n${name} could not be installed, so the model's SQL cannot be compared with Google's evaluator.\n` +
        '  next: see the message of npm above; the tests need the npm registry once. `npx vitest run test/model` runs tests that need no evaluator.',
    );
    process.exit(1);
  }
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
