/**
 * Sees to a Chromium for the end-to-end tests: the machine's own, or Debian's where this may install it (root, apt).
 * Where there is none those tests are skipped, saying so; nothing fails here.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromiumPath } from '../test/e2e/browser.ts';

if (!chromiumPath()) {
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall) install();
  if (!chromiumPath()) {
    console.log(
      'there is no Chromium on this machine, so the end-to-end tests are skipped\n' +
        '  next: install it (Debian: apt-get install chromium), or name one in CHROMIUM_PATH',
    );
  }
}

function install(): void {
  console.log('installing Chromium for the end-to-end tests (apt-get install chromium, once) ...');
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
}
