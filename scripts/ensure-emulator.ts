/**
 * Compiles the BigQuery emulator that `npm run test:emulator` needs, at the version that test/bigquery/emulator/go.mod pins,
 * where Go is installed. Does nothing where it is there already; where Go is missing or too old it says so and ends well.
 * A pinned module instead of `go install …@version`: its go.sum holds every dependency's checksum.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { EMULATOR_BINARY, EMULATOR_PACKAGE, EMULATOR_VERSION } from '../test/bigquery/emulator/binary.ts';

const module = join(import.meta.dirname, '..', 'test', 'bigquery', 'emulator');
/** The emulator's SQL engine is one Go package of some 100 MB of source; compiling it takes 5.7 GiB. */
const LEAST_MEMORY = 7 * 1024 ** 3;

if (!existsSync(EMULATOR_BINARY)) {
  const go = installedGo();
  const reason =
    go === null
      ? 'Go 1.25 or newer is not installed'
      : totalmem() < LEAST_MEMORY
        ? 'compiling it takes 6 GiB of memory, which this machine does not have'
        : null;
  if (go === null || reason !== null) {
    console.log(`SKIPPED: the tests against bigquery-emulator ${EMULATOR_VERSION} do not run here: ${reason}.`);
    console.log("  The same suite runs in `npm test` against the stand-in, whose SQL is Google's.");
  } else compile(go);
}

function installedGo(): string | null {
  return ['go', '/usr/local/go/bin/go'].find(isRecent) ?? null;
}

function isRecent(go: string): boolean {
  const told = spawnSync(go, ['env', 'GOVERSION'], {
    encoding: 'utf8',
    cwd: '/',
    env: { ...process.env, GOTOOLCHAIN: 'local' },
  });
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(told.stdout ?? '') ?? [];
  return Number(major) > 1 || Number(minor) >= 25;
}

function compile(go: string): void {
  console.log(
    `compiling bigquery-emulator ${EMULATOR_VERSION} (once; about 5 minutes on two cores, 6 GiB of memory) ...`,
  );
  const folder = dirname(EMULATOR_BINARY);
  mkdirSync(folder, { recursive: true });
  const made = join(folder, `making-${process.pid}`);
  const ended = spawnSync(go, ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', made, EMULATOR_PACKAGE], {
    cwd: module,
    stdio: 'inherit',
    env: { ...process.env, GOFLAGS: '-p=1', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' },
  });
  if (ended.status === 0) renameSync(made, EMULATOR_BINARY);
  else {
    console.error(
      '\nthe emulator could not be compiled; see the message of go above (the Go module proxy is needed once)',
    );
    process.exit(1);
  }
}
