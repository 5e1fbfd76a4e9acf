import type { SessionSource } from '../contract/session.ts'
import type { Vendor } from '../contract/vendor.ts'
import { urlAtHost } from '../endpoints/trusted-hosts.ts'
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
  ({ sendInternal }: Engine, origin: string): LoginTransportFactory =>
  (signal, secrets) => ({
    origin,
    send: (path, init) => sendInternal(new URL(path, origin).href, { ...init, signal }, secrets),
  })

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
