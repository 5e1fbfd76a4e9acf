import type { Guarded } from '../attempt/redirect.ts'
import type { Changes } from '../contract/request.ts'
import { isSafe } from '../request/repeatable.ts'
import type { Call } from './call.ts'
import type { Fetch } from './engine.ts'
import { hidesWish } from './home.ts'

/** Where redirects can be seen at all: browsers hide from everybody where they lead. */
const hiding = new WeakSet<Fetch>()

/**
 * Redirects are followed here, not by fetch, where the request shows a credential, and where it changes something: from
 * the page that a redirect points to nobody can tell whether the request itself was done.
 */
export function guard(call: Call, signed: Changes | undefined): Guarded | undefined {
  const { message, target } = call
  if (message.redirect !== 'follow') return undefined
  if (signed === undefined && !call.isOwn && !showsSecret(call)) return unsigned(call)
  const headers = signed?.headers ?? new Headers(message.headers)
  return {
    first: { url: signed?.url ?? target.url, method: target.method, headers, body: hasOwnBody(target.method) },
    trusts: (to: URL, from: URL) => call.trusts(to, from),
    canResend: () => message.canSend(),
  }
}

/** Whether the caller himself shows a credential of the vendor's. A login of ours may carry its password anywhere. */
function showsSecret({ message, vendor, target }: Call): boolean {
  // What nobody can see may be anything.
  if (hidesWish(vendor, message, target)) return true
  if ((vendor?.secretsIn?.(target).length ?? 0) > 0) return true
  if (!vendor?.secretHeaders || message.headers === undefined) return false
  const headers = new Headers(message.headers)
  return vendor.secretHeaders.some((name) => headers.has(name))
}

function unsigned({ message, target, vendor, engine }: Call): Guarded | undefined {
  if (isSafe(target, vendor) || globalThis.location !== undefined || hiding.has(engine.fetch)) return undefined
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
