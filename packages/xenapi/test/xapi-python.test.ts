import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { serve } from '@holdfast/testing'
import { expect, it } from 'vitest'
import { xapi } from '../src/simulator/index.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('./session.py', import.meta.url))

const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
)

// CI says so: there an absent Python is a failure and no reason to skip.
it.runIf(hasPython || process.env.HOLDFAST_REQUIRE_PYTHON)(
  'Python’s own client logs in to a simulated pool, asks it as XenAPI.py does, waits for its tasks, and logs out',
  async () => {
    const pool = xapi()
    await using server = await serve(pool.handlers)
    const { stdout } = await run('python3', [script, server.url, 'root', 'secret'])
    const answers = JSON.parse(stdout)
    expect(answers).toEqual({
      version: '2.21',
      srs: ['OpaqueRef:sr'],
      networks: { 'OpaqueRef:network': expect.objectContaining({ bridge: 'xenbr0', MTU: '1500', managed: true }) },
      messages: [],
      time: expect.stringMatching(/^\d{8}T\d\d:\d\d:\d\dZ$/),
      tags: ['web', 'new'],
      refusal: ['VM_BAD_POWER_STATE', 'OpaqueRef:vm-1', 'halted', 'running'],
      task: ['pending', 'success'],
      copy: 'copy',
      failed: ['failure', 'VM_BAD_POWER_STATE', 'OpaqueRef:vm-1', 'halted', 'running'],
      left: [],
      afterwards: ['SESSION_INVALID', expect.stringMatching(/^OpaqueRef:/)],
    })
    expect(new Set(pool.calls.map(({ format }) => format))).toEqual(new Set(['xml-rpc']))
    expect(pool.executed.map(({ action }) => action)).toContain('VM.set_tags')
  },
)
