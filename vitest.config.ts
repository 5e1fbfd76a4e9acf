import { defineConfig } from 'vitest/config'
import { needsOwnWorker, testFiles } from './scripts/own-worker.ts'

const files = testFiles(import.meta.dirname)
const own = files.filter((file) => needsOwnWorker(import.meta.dirname, file))

const test = {
  setupFiles: ['./scripts/after-each.ts'],
  // Against what hangs, and nothing else: a slow machine takes its time.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 50_000 } },
  restoreMocks: true,
  unstubGlobals: true,
  unstubEnvs: true,
}

export default defineConfig({
  test: {
    // With a worker less, which is the default, one of two cores would have nothing to do.
    maxWorkers: '100%',
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    projects: [
      // A worker and its imports cost more than most files.
      {
        test: {
          ...test,
          name: 'shared',
          include: files.filter((file) => !own.includes(file)),
          setupFiles: ['./scripts/shared-worker.ts', ...test.setupFiles],
          isolate: false,
        },
      },
      { test: { ...test, name: 'own', include: own } },
    ],
  },
})
