import { defineConfig } from 'vitest/config';

process.env['TZ'] = 'UTC';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'test/bench/**', 'test/bigquery/emulator/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    env: { TZ: 'UTC', UV_THREADPOOL_SIZE: '16' },
    reporters: ['default'],
    onConsoleLog: () => true,
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
