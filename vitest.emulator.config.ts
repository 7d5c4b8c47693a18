import { defineConfig, mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** `npm run test:emulator`: the tests that need the compiled BigQuery emulator, which `npm test` leaves out. */
export default mergeConfig(
  { ...config, test: { ...config.test, include: [], exclude: ['**/node_modules/**'] } },
  defineConfig({
    test: { include: ['test/bigquery/emulator/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
  }),
);
