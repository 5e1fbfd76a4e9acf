import { resilient } from '@holdfast/core'
import type { Fetch } from '../../src/contenders.ts'
import { dead } from '../../src/flaky.ts'
import type { Part } from '../figure.ts'

const KEYS = 2_000

/** Bytes of a service that was called once and is idle. */
export const keys: Part = {
  name: 'keys',
  flags: ['--expose-gc'],
  rounds: { full: 1, quick: 1 },
  async measure() {
    const reply = new Response(null)
    const idle = await bytesOfKey(async () => reply)
    const failed = await bytesOfKey(dead)
    return [
      { name: 'key: idle', value: idle, unit: 'B' },
      { name: 'key: failed once', value: failed, unit: 'B' },
    ]
  },
}

async function bytesOfKey(fetch: Fetch): Promise<number> {
  const client = resilient(fetch, { retry: false })
  const call = async (count: number, host: string) => {
    for (let at = 0; at < count; at++) await client(`https://${host}${at}.example/`).catch(() => {})
  }
  await call(KEYS, 'warm')
  const before = held()
  await call(KEYS, 'host')
  const after = held()
  if (client.state.size.services < 2 * KEYS) throw new Error('Services were dropped.')
  return Math.round((after - before) / KEYS)
}

function held(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
