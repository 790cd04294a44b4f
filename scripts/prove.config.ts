import { defineConfig } from 'vitest/config';

const hourMs = 3_600_000;

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    name: 'prove',
    include: ['test/prove/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // The proofs measure: one at a time.
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 4 * hourMs,
    hookTimeout: hourMs,
  },
});
