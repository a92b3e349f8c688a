import { configDefaults, defineConfig } from 'vitest/config';

/** Pure logic: nothing in it outlives a test, so its files share one process, which spares a start for each of them. */
const PURE = ['src/**/domain/**/*.spec.ts', 'src/kernel/**/*.spec.ts'];

export default defineConfig({
  test: {
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: 'node',
          include: ['src/**/*.spec.ts', 'test/**/*.spec.ts', 'test/**/*.e2e.ts'],
          exclude: [...configDefaults.exclude, ...PURE],
        },
      },
    ],
  },
});
