import { configDefaults, defineConfig } from 'vitest/config';

/** Pure logic. */
const PURE = ['src/**/domain/**/*.spec.ts', 'src/kernel/**/*.spec.ts'];

/** Runs files of others a second time, which are modules that a process loads once. */
const ALONE = ['test/postgres.e2e.ts'];

// Nothing in a test outlives it, so files share a process: to load the node anew for each of them takes longer than to test it.
export default defineConfig({
  test: {
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    projects: [
      { extends: true, test: { name: 'pure', include: PURE } },
      {
        extends: true,
        test: {
          name: 'node',
          include: ['src/**/*.spec.ts', 'test/**/*.spec.ts', 'test/**/*.e2e.ts'],
          exclude: [...configDefaults.exclude, ...PURE, ...ALONE],
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, isolate: true } },
    ],
  },
});
