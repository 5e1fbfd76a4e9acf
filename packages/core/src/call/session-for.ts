import { boundedReply } from '../attempt/bounded-reply.ts'
import { systemClock } from '../contract/clock.ts'
import type { LoginTransport, SessionSource } from '../contract/session.ts'
import type { Vendor } from '../contract/vendor.ts'
import { urlAtHost } from '../endpoints/trusted-hosts.ts'
import { isRefused } from '../error/is-refused.ts'
import { isAuth, isVendorError } from '../error/vendor-error.ts'
import type { Policy } from '../options/policy.ts'
import { showableUrl } from '../secrets/credentials.ts'
import type { LoginContext, LoginTransportFactory } from '../session/login/login-transport.ts'
import type { SessionCache } from '../session/session-cache.ts'
import type { SessionListener } from '../session/session-cache-options.ts'
import type { SharedState } from '../state/shared-state.ts'
import type { Engine } from './engine.ts'
import { loginError } from './login-error.ts'
import { failureBehind } from './shown/to-error.ts'

/** The session cache of a vendor's source at an origin. */
export function sessionCacheFor(
  engine: Engine,
  vendor: Vendor,
  source: SessionSource,
  origin: string,
): SessionCache | undefined {
  const { registry } = engine.state
  return registry.find(source, origin) ?? addSessionCache(engine, vendor, source, origin)
}

/** Makes a session cache. It holds no client, so that a client can be collected, after which its sessions are dropped. */
function addSessionCache(
  { state, policy, newSessionCache }: Engine,
  vendor: Vendor,
  source: SessionSource,
  origin: string,
): SessionCache | undefined {
  if (newSessionCache === undefined) return undefined
  const make = () =>
    newSessionCache({
      vendor: vendor.name,
      source,
      origin,
      listener: sessionListener(state, vendor, origin),
      state: state.registry.number,
      sharedSessionFor: (key, makeShared) => state.registry.sharedSession(key, makeShared),
      asError: (thrown, problem) => loginError(state, { origin, source }, thrown, problem),
      isCredentialRefusal,
      retryAfterOf: (error) => requestedBackoff(policy, error),
    })
  return state.registry.cache(source, origin, make)
}

/** True if the server refused the credentials. Not for a 407: a proxy has not passed the login on, so nobody has counted it. */
const isCredentialRefusal = (error: unknown): boolean => isAuth(error) && error.code !== 'HTTP_407'

/** Milliseconds until the login after a failed one: what the server asked for, or the first step of its error's pace. */
function requestedBackoff(policy: Policy, error: unknown): number | undefined {
  if (isRefused(error)) return error.retryAfter
  const verdict = failureBehind(error)?.verdict
  if (verdict === undefined) return undefined
  return verdict.wait ?? (verdict.pace === 'slow' ? policy.curves.slow.base : undefined)
}

/** Makes the login transport of a client. It works for as long as the client is not collected. */
export function loginTransportFor(engine: Engine, origin: string): LoginTransportFactory {
  const client = new WeakRef(engine)
  return (context) => {
    const held = client.deref()
    return held && transportOf(held, origin, context)
  }
}

function transportOf(
  { sendInternal, loginReplyLimit }: Engine,
  origin: string,
  { signal, stop, secrets, deadlineAt = Number.POSITIVE_INFINITY }: LoginContext,
): LoginTransport {
  return {
    origin,
    async send(path, init) {
      const { href } = addressOf(path, origin)
      const ends = init.signal == null ? signal : AbortSignal.any([signal, init.signal])
      const own = init.resilience?.timeout || Number.POSITIVE_INFINITY
      const timeout = Math.min(own, Math.max(1, deadlineAt - systemClock.now()))
      const limited = Number.isFinite(timeout) ? { resilience: { ...init.resilience, timeout } } : {}
      const reply = await sendInternal(href, { ...init, ...limited, signal: ends }, { stop, secrets })
      const sent = `${init.method ?? 'GET'} ${showableUrl(href)}`
      // Vendors read the whole reply, which may come from anybody.
      return boundedReply(reply, loginReplyLimit, () => tooLong(sent, loginReplyLimit))
    },
  }
}

/** An address by itself, or a path at the origin: resolved as a reference, `//name/token` would be a path of the host `name`. */
const addressOf = (path: string, origin: string): URL =>
  URL.parse(path) ?? new URL(`${origin}/${path.replace(/^\//, '')}`)

const tooLong = (sent: string, limit: number) =>
  new RangeError(`The reply to ${sent} is longer than ${limit} bytes, which is \`loginReplyLimit\`.`)

function sessionListener(state: SharedState, vendor: Vendor, origin: string): SessionListener {
  const { name } = vendor
  return {
    opened: () => state.emit({ type: 'session-opened', vendor: name, origin }),
    taken({ endpoints }) {
      const known = state.endpointsOf(vendor)
      if (endpoints !== undefined)
        known?.setDiscovered(endpoints.flatMap((host) => urlAtHost(known.active, host)?.origin ?? []))
    },
    loginFailed: (error, retryAfter) => {
      const code = isVendorError(error) ? error.code : isRefused(error) ? error.reason : 'LOGIN_FAILED'
      state.emit({
        type: 'login-failed',
        vendor: name,
        origin,
        code,
        ...(retryAfter !== undefined && { retryAfter: Math.ceil(retryAfter) }),
      })
    },
    closed: () => state.emit({ type: 'session-closed', vendor: name, origin }),
  }
}
