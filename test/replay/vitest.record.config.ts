import { defineConfig } from 'vitest/config';

/** Records the histories anew: `npx vitest run --config test/replay/vitest.record.config.ts`, then Prettier. */
export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 300_000,
    hookTimeout: 180_000,
    include: ['test/replay/record.ts'],
    globalSetup: ['test/support/global-setup.ts'],
  },
});
