import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

// A process of its own, in which the sources run as they are: vitest would show V8 other functions.
it('the life of three requests in ARCHITECTURE.md is that of today’s code', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/life.ts', '--check'])
  expect(stdout).toBe('')
})
