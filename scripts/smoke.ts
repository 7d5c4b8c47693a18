/**
 * Starts the product as the README says (`npm start`) on an empty folder and a free port, and asks for the page, the health
 * and the organisation. Fails where that takes longer than a minute; prints how long it took.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMIT_SECONDS = 60;
const folder = mkdtempSync(join(tmpdir(), 'worthwhile-smoke-'));
const started = performance.now();
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const child = spawn(npm, ['start', '--silent', '--', '--folder', folder, '--port', '0'], {
  cwd: join(import.meta.dirname, '..'),
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
try {
  const url = await announcedUrl();
  const seconds = (performance.now() - started) / 1000;
  for (const path of ['/', '/healthz', '/readyz', '/api/v1/meta', '/api/v1/organisation', '/api/openapi.json']) {
    const answer = await fetch(new URL(path, url));
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  }
  console.log(`npm start: populated dashboard after ${seconds.toFixed(1)} s (limit ${LIMIT_SECONDS} s)`);
  if (seconds > LIMIT_SECONDS) process.exitCode = 1;
} finally {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function announcedUrl(): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = /http:\/\/[\w.:[\]]+/.exec(output)?.[0];
      if (url) resolve(url);
    });
    child.on('exit', (code) => reject(new Error(`npm start ended with ${code} before it served`)));
  });
}
