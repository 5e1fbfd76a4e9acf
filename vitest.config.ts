import { configDefaults, defineConfig } from 'vitest/config'

/** What counts the objects of its process wants one of its own. */
const alone = ['packages/core/test/soak.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: [
            'packages/*/test/**/*.test.ts',
            'examples/**/*.test.ts',
            'benchmarks/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ...alone],
          // Two workers run all files: a worker of its own for each would cost more than the tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
    setupFiles: ['./scripts/forget-logins.ts'],
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    // Against what hangs, and nothing else: a slow machine takes its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 50_000 } },
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
  },
})
