import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const EMULATOR_VERSION = 'v0.8.1';
export const EMULATOR_PACKAGE = 'github.com/goccy/bigquery-emulator/cmd/bigquery-emulator';

const root = join(import.meta.dirname, '..', '..', '..');

/** Where `scripts/ensure-emulator.ts` puts what it compiled; outside node_modules, so that `npm ci` leaves it. */
export const EMULATOR_BINARY = join(root, '.cache', `bigquery-emulator-${EMULATOR_VERSION}`, 'bigquery-emulator');

export const hasEmulator = existsSync(EMULATOR_BINARY);
