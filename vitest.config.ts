import { defineConfig } from 'vitest/config';

const shared = {
  // A Temporal worker inside vitest needs real processes, not threads.
  pool: 'forks' as const,
  testTimeout: 120_000,
  hookTimeout: 180_000,
  setupFiles: ['test/support/property-seed.ts'],
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'services',
          include: ['test/{integration,workflows,replay,e2e}/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});
