import type { Guarded } from '../attempt/redirect.ts'
import type { Changes } from '../contract/request.ts'
import { isSafe } from '../request/repeatable.ts'
import type { Call } from './call.ts'
import type { Fetch } from './engine.ts'

/** Where redirects can be seen at all: browsers hide from everybody where they lead. */
const hiding = new WeakSet<Fetch>()

/**
 * Redirects are followed here, not by fetch, where the request shows a credential, and where it changes something: from
 * the page that a redirect points to nobody can tell whether the request itself was done.
 */
export function guard(call: Call, signed: Changes | undefined): Guarded | undefined {
  const { message, vendor, target } = call
  if (message.redirect !== 'follow') return undefined
  if (signed === undefined && !call.isOwn && !(vendor?.secretHeaders && message.headers)) return unsigned(call)
  const headers = signed?.headers ?? new Headers(message.headers)
  // A login may carry its password anywhere, and a caller's own session is told by its header.
  const isSecret = signed !== undefined || call.isOwn || vendor?.secretHeaders?.some((name) => headers.has(name))
  if (!isSecret) return unsigned(call)
  return {
    first: { url: signed?.url ?? target.url, method: target.method, headers, body: hasOwnBody(target.method) },
    trusts: (to: URL, from: URL) => call.trusts(to, from),
    canResend: () => message.canSend(),
  }
}

function unsigned({ message, target, engine }: Call): Guarded | undefined {
  if (isSafe(target.method) || globalThis.location !== undefined || hiding.has(engine.fetch)) return undefined
  const { url, method } = target
  return {
    first: {
      url,
      method,
      get headers() {
        return new Headers(message.headers)
      },
      body: hasOwnBody(method),
    },
    canResend: () => message.canSend(),
    hidden: () => hiding.add(engine.fetch),
  }
}

const hasOwnBody = (method: string): null | undefined => (method === 'GET' || method === 'HEAD' ? null : undefined)
