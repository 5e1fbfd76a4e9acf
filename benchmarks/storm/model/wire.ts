import type { Answer } from './condition.ts'
import type { World } from './world.ts'

export type Fetch = typeof globalThis.fetch

/** The header of a session. */
export const TOKEN = 'vmware-api-session-id'

/** A `fetch` that behaves like that of Node.js, with the servers of a scenario behind it. */
export function wireOf(world: World): Fetch {
  return (input, init) =>
    new Promise((resolve, reject) => {
      const asked = input instanceof Request ? input : undefined
      const signal = init?.signal ?? asked?.signal
      if (signal?.aborted) return reject(signal.reason)
      const abort = (): void => reject(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      const request = {
        url: asked?.url ?? String(input),
        method: init?.method ?? asked?.method ?? 'GET',
        token: world.sessions && tokenOf(init?.headers ?? asked?.headers),
      }
      world.send(request, (answer) => {
        signal?.removeEventListener('abort', abort)
        if (answer.type === 'reply') resolve(replyOf(answer))
        else reject(new TypeError('fetch failed', { cause: causeOf(answer) }))
      })
    })
}

const tokenOf = (headers: RequestInit['headers']): string | undefined => new Headers(headers).get(TOKEN) ?? undefined

function replyOf({ status, retryAfter, body }: Extract<Answer, { type: 'reply' }>): Response {
  if (retryAfter === undefined && body === undefined) return new Response(null, { status })
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  }
  return new Response(body, { status, headers })
}

/** The cause of undici's error. */
export function causeOf({ type }: Exclude<Answer, { type: 'reply' }>): Error {
  if (type === 'reset') {
    return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' })
  }
  const address = { address: '192.0.2.1', port: 80 }
  const facts = { code: 'ECONNREFUSED', errno: -111, syscall: 'connect', ...address }
  return Object.assign(new Error('connect ECONNREFUSED 192.0.2.1:80'), facts)
}
