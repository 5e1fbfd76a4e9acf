import type { Fetch } from './contenders.ts'
import { body, headers } from './reply.ts'

/** Without a reply, or with one that says so. */
export type Failure = 'network' | 'status'

/** What the built-in `fetch` throws when nobody listens. Made anew each time, as it does. */
function refusedConnection(): TypeError {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  })
  return new TypeError('fetch failed', { cause })
}

/**
 * A `fetch` that fails every other time that an address is asked for. Failing replies are made anew: whoever reads or
 * cancels one has used it up.
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

/** A `fetch` whose server is gone. */
export const dead: Fetch = async () => {
  throw refusedConnection()
}
