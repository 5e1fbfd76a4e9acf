import type { Fetch } from './contenders.ts'
import { body, headers } from './reply.ts'

/** The kind of failure: without a reply, or with a failing one. */
export type Failure = 'network' | 'status'

/** The error of the built-in `fetch` for a refused connection, made for each call. */
function refusedConnection(): TypeError {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  })
  return new TypeError('fetch failed', { cause })
}

/**
 * A `fetch` that fails every other time for each address. Failing replies are made for each call, because reading or cancelling one
 * uses it up.
 */
export function flaky(failure: Failure): Fetch {
  const reply = new Response(body, { headers })
  const failed = new Set<string>()
  return async (input) => {
    const address = input instanceof Request ? input.url : String(input)
    if (failed.delete(address)) return reply
    failed.add(address)
    if (failure === 'network') throw refusedConnection()
    return new Response('upstream is restarting', { status: 503 })
  }
}

/** A `fetch` whose server is down. */
export const dead: Fetch = async () => {
  throw refusedConnection()
}
