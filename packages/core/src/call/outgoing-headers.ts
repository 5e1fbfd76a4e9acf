import type { Call } from './call.ts'

/** The caller's headers, for one attempt: a vendor may write into them. */
export function outgoingHeaders(call: Call): Headers {
  call.headers ??= new Headers(call.prepared ?? call.request.headers)
  return call.headers
}
