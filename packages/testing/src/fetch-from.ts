import { getResponse, type RequestHandler } from 'msw'
import { checkHandlers } from './handlers.ts'

/**
 * A `fetch` that only calls handlers, without sockets and interception, so that it works with fake timers.
 *
 * A dropped connection rejects as Node's fetch does. Redirects are not followed.
 *
 * @throws {TypeError} for a request that no handler answers, and at once if no handlers are given.
 * @example
 * vi.useFakeTimers()
 * const vc = vcenter() // from '@holdfast/vsphere/simulator'
 * const client = resilient(fetchFrom(vc.handlers), { vendor })
 */
export function fetchFrom(handlers: readonly RequestHandler[]): typeof fetch {
  checkHandlers(handlers)
  return async function fetchFromHandlers(input, init) {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    const response = await unlessAborted(getResponse([...handlers], request), request.signal)
    if (response === undefined) throw unmatched(request)
    if (response.type === 'error') throw new TypeError('fetch failed', { cause: otherSideClosed() })
    return Object.defineProperty(response, 'url', { value: request.url })
  }
}

/** The URL without its query, which may contain a secret. */
function unmatched({ method, url }: Request): TypeError {
  const { origin, pathname } = new URL(url)
  return new TypeError(`No handler takes ${method} ${origin}${pathname}.`)
}

/** The error of undici when a server closes the connection without an answer. */
const otherSideClosed = () =>
  Object.assign(new Error('other side closed'), { name: 'SocketError', code: 'UND_ERR_SOCKET' })

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
