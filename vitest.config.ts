import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { longestFirst } from './scripts/longest-first.ts'
import { needsOwnWorker, needsRealServers, testFiles } from './scripts/own-worker.ts'

const files = testFiles(import.meta.dirname)
const real = files.filter((file) => needsRealServers(import.meta.dirname, file))
const rest = files.filter((file) => !real.includes(file))
const own = rest.filter((file) => needsOwnWorker(import.meta.dirname, file))

const test = {
  setupFiles: ['./scripts/limits.ts', './scripts/after-each.ts', './scripts/seed.ts'],
  // Of tests see `limits.ts`. What is set up before them may be real servers: Cinder makes its databases, and takes over 100 s
  // where a dozen others compute.
  hookTimeout: 900_000,
  expect: { poll: { timeout: 50_000 } },
  // Most of what tests make is dropped at once: with more room for it little gets into the old generation.
  execArgv: ['--max-semi-space-size=32'],
  restoreMocks: true,
  unstubGlobals: true,
  unstubEnvs: true,
}

/** Vitest knows by itself which files are long, but only from an earlier run. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files))
  }
}

export default defineConfig({
  test: {
    // One more than there are cores: servers, processes and time-outs are waited for, which takes no core.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    projects: [
      // A worker and its imports cost more than most files.
      {
        test: {
          ...test,
          name: 'shared',
          include: rest.filter((file) => !own.includes(file)),
          setupFiles: ['./scripts/shared-worker.ts', ...test.setupFiles],
          isolate: false,
        },
      },
      { test: { ...test, name: 'own', include: own } },
      { test: { ...test, name: 'real', include: real } },
    ],
  },
})
