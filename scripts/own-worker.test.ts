import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { leavesBehind, needsOwnWorker, testFiles } from './own-worker.ts'

const root = join(import.meta.dirname, '..')

describe('a file of tests needs a worker of its own', () => {
  it.each([
    "vi.mock('./one.ts')",
    'vi.resetModules()',
    "import { spawn } from 'node:child_process'",
    "import { type ChildProcess, execFile, spawnSync } from 'node:child_process'",
    "import { Worker } from 'node:worker_threads'",
    'globalThis.fetch = stub',
    '  process.env.HOME = home',
    'installClock()',
  ])('where it says %s', (source) => {
    expect(leavesBehind(source)).toBe(true)
  })

  it.each([
    'vi.mocked(setTimeout).mock.calls',
    "vi.stubGlobal('fetch', client)",
    "vi.spyOn(globalThis, 'fetch')",
    'vi.useFakeTimers()',
    "import { execFileSync, spawnSync } from 'node:child_process'",
    'const { fetch = globalThis.fetch } = options',
  ])('and not where it says %s', (source) => {
    expect(leavesBehind(source)).toBe(false)
  })

  it('also by what it imports', () => {
    expect(needsOwnWorker(root, 'scripts/proxies/keep-alive.test.ts')).toBe(true)
    expect(needsOwnWorker(root, 'benchmarks/storm/repeatable.test.ts')).toBe(true)
    expect(needsOwnWorker(root, 'benchmarks/storm/queueing.test.ts')).toBe(true)
  })

  it('which few do', () => {
    const files = testFiles(root)
    expect(files.filter((file) => needsOwnWorker(root, file)).length / files.length).toBeLessThan(0.15)
  })
})
