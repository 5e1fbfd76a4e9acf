import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { leavesBehind, needsOwnWorker, needsRealServers, testFiles } from './own-worker.ts'

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
    "setFlagsFromString('--expose-gc')",
    "import { Agent } from 'undici'",
    "import * as undici8 from 'undici-8'",
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
    "import type { Dispatcher } from 'undici'",
    "import { undiciFetch } from '@holdfast/undici'",
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

it('a file of tests needs what is not in this repository only where it runs real servers, or Python', () => {
  expect(
    testFiles(root)
      .filter((file) => needsRealServers(root, file))
      .toSorted(),
  ).toEqual([
    'packages/keystone/test/real-cinder.test.ts',
    'packages/keystone/test/real-keystone.test.ts',
    'packages/keystone/test/real-time.test.ts',
    'packages/vsphere/test/real-vcsim.test.ts',
    'packages/xenapi/test/xapi-python.test.ts',
    'scripts/proxies/faults.test.ts',
    'scripts/proxies/keep-alive.test.ts',
    'scripts/proxies/vcenter.test.ts',
    'scripts/proxies/waits.test.ts',
  ])
})
