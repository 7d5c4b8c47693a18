/** `npm run check`: everything that can be said without running the product. All checks run, side by side; each says how long it took. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '..', 'node_modules', '.bin');
const CHECKS: [string, string, string[]][] = [
  ['format', 'oxfmt', ['--check']],
  ['lint and walls', 'oxlint', ['-c', 'oxlint.config.mjs', '--deny-warnings']],
  ['types', 'tsc', ['-p', '.']],
  ['unused', 'knip', ['--no-progress']],
  ['docs', 'tsx', ['scripts/check-docs.ts']],
  ['model catalogue', 'tsx', ['scripts/model-catalogue.ts', '--check']],
];

const results = await Promise.all(CHECKS.map(run));
for (const { name, ok, seconds, output } of results) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (!ok) console.log(output.replace(/^/gm, '  '));
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

function run([name, command, args]: [string, string, string[]]) {
  const started = performance.now();
  return new Promise<{ name: string; ok: boolean; seconds: string; output: string }>((resolve) => {
    const child = spawn(join(bin, command), args, { shell: process.platform === 'win32' });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => (output += error.message));
    child.on('close', (code) =>
      resolve({ name, ok: code === 0, seconds: ((performance.now() - started) / 1000).toFixed(1), output }),
    );
  });
}
