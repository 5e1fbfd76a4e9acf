import { boundedReply } from '../attempt/bounded-reply.ts'
import type { SessionSource } from '../contract/session.ts'
import type { Vendor } from '../contract/vendor.ts'
import { urlAtHost } from '../endpoints/trusted-hosts.ts'
import { showableUrl } from '../error/credentials.ts'
import { isRefused } from '../error/refused-error.ts'
import { isAuth, isVendorError } from '../error/vendor-error.ts'
import { SessionCache } from '../session/session-cache.ts'
import type { LoginTransportFactory, SessionListener } from '../session/session-cache-options.ts'
import type { Engine } from './engine.ts'
import { failureBehind } from './to-error.ts'

/** The session of a vendor's credentials at an origin. */
export function sessionCacheFor(engine: Engine, vendor: Vendor, source: SessionSource, origin: string): SessionCache {
  return engine.state.sessionCache(source, origin, () => {
    const listener = sessionListener(engine, vendor, origin)
    return new SessionCache({
      source,
      origin,
      clock: engine.clock,
      listener,
      closedUpTo: () => engine.state.closedUpTo(source),
      isCredentialRefusal: isAuth,
      retryAfterOf: (error) => requestedBackoff(engine, error),
    })
  })
}

/** Milliseconds for which a failed login is left alone: the server's word, or the first step of its error's pace. */
function requestedBackoff({ policy }: Engine, error: unknown): number | undefined {
  if (isRefused(error)) return error.retryAfter
  const verdict = failureBehind(error)?.verdict
  if (verdict === undefined) return undefined
  return verdict.wait ?? (verdict.pace === 'slow' ? policy.curves.slow.base : undefined)
}

/** Makes the transport by which a client reaches the server that gives its sessions. */
export const loginTransportFor =
  ({ sendInternal, loginReplyLimit }: Engine, origin: string): LoginTransportFactory =>
  (signal, secrets) => ({
    origin,
    async send(path, init) {
      const { href } = new URL(path, origin)
      const ends = init.signal == null ? signal : AbortSignal.any([signal, init.signal])
      const reply = await sendInternal(href, { ...init, signal: ends }, secrets)
      const sent = `${init.method ?? 'GET'} ${showableUrl(href)}`
      // Whoever answers may be anybody, and vendors read his reply whole.
      return boundedReply(reply, loginReplyLimit, () => tooLong(sent, loginReplyLimit))
    },
  })

const tooLong = (sent: string, limit: number) =>
  new RangeError(`The reply to ${sent} is longer than ${limit} bytes, which is \`loginReplyLimit\`.`)

function sessionListener({ state }: Engine, vendor: Vendor, origin: string): SessionListener {
  const { name } = vendor
  return {
    opened({ endpoints }) {
      const known = state.endpointsOf(vendor)
      if (endpoints !== undefined)
        known?.setDiscovered(endpoints.flatMap((host) => urlAtHost(known.active, host)?.origin ?? []))
      state.emit({ type: 'session-opened', vendor: name, origin })
    },
    loginFailed: (error, retryAfter) => {
      const code = isVendorError(error) ? error.code : isRefused(error) ? error.reason : 'ERROR'
      state.emit({ type: 'login-failed', vendor: name, origin, code, retryAfter })
    },
    closed: () => state.emit({ type: 'session-closed', vendor: name, origin }),
  }
}
