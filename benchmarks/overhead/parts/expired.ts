import { setImmediate } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import { resilient } from '@holdfast/core'
import { vsphere } from '@holdfast/vsphere'
import { quantile } from 'simple-statistics'
import type { Fetch } from '../../src/contenders.ts'
import { headers } from '../../src/reply.ts'
import { url } from '../contenders.ts'
import type { Part } from '../figure.ts'
import { HEAP_FLAGS } from './success.ts'

const CALLERS = 1_000

/**
 * A thousand callers whose shared session has expired. Together they take so long that on a busy machine other processes interrupt
 * them, so only processor time shows the cost.
 */
export const expired: Part = {
  name: 'expired',
  flags: HEAP_FLAGS,
  rounds: { full: 30, quick: 8 },
  async measure(rounds) {
    const server = { valid: 0, logins: 0 }
    const client = resilient(serverOf(server), {
      vendor: vsphere({ url: new URL(url).origin, username: 'reader', password: 'secret' }),
    })
    await client(url)
    const times: number[] = []
    const bytes: number[] = []
    for (let at = -3; at < rounds; at++) {
      server.valid++
      globalThis.gc?.({ type: 'minor' })
      await setImmediate()
      const before = getHeapStatistics().used_heap_size
      const start = process.cpuUsage()
      await Promise.all(Array.from({ length: CALLERS }, () => client(url)))
      const { user, system } = process.cpuUsage(start)
      times.push((user + system) / CALLERS)
      bytes.push((getHeapStatistics().used_heap_size - before) / CALLERS)
    }
    await client.close()
    return [
      { name: 'expired session: logins for 1,000 callers', value: (server.logins - 1) / (rounds + 3), unit: 'logins' },
      { name: 'expired session: time of a caller', value: Math.round(Math.min(...times) * 10) / 10, unit: 'µs of CPU' },
      { name: 'expired session: bytes of a caller', value: Math.round(quantile(bytes.slice(3), 0.5)), unit: 'B' },
    ]
  },
}

function serverOf(server: { valid: number; logins: number }): Fetch {
  const reply = new Response(null, { headers })
  return async (input, init) => {
    if (String(input).endsWith('/api/session')) {
      // The logout of `close` goes there, too.
      if (init?.method === 'DELETE') return new Response(null, { status: 204 })
      server.logins++
      return Response.json(`token-${server.valid}`, { status: 201 })
    }
    const token = new Headers(init?.headers).get('vmware-api-session-id')
    return token === `token-${server.valid}` ? reply : Response.json({ error_type: 'UNAUTHENTICATED' }, { status: 401 })
  }
}
