import type { SessionSource } from '../contract/session.ts'
import type { Vendor } from '../contract/vendor.ts'
import { isRefused } from '../error/refused-error.ts'
import { isAuth, isVendorError } from '../error/vendor-error.ts'
import { SessionSlot } from '../session/slot.ts'
import type { DoorMaker, SessionListener } from '../session/slot-options.ts'
import { rerouted } from '../trust/hosts.ts'
import type { Engine } from './engine.ts'
import { failureBehind } from './to-error.ts'

/** The session of a vendor's credentials at an origin. */
export function slotFor(engine: Engine, vendor: Vendor, source: SessionSource, origin: string): SessionSlot {
  return engine.state.slot(source, origin, () => {
    const listener = listening(engine, vendor, origin)
    return new SessionSlot({
      source,
      origin,
      clock: engine.clock,
      listener,
      closedUpTo: () => engine.state.closedUpTo(source),
      isRefusal: isAuth,
      retryAfterOf: (error) => leftAlone(engine, error),
    })
  })
}

/** How long a failed login is left alone: the server's word, or the first step of the pace of what it met. */
function leftAlone({ policy }: Engine, error: unknown): number | undefined {
  if (isRefused(error)) return error.retryAfter
  const verdict = failureBehind(error)?.verdict
  if (verdict === undefined) return undefined
  return verdict.wait ?? (verdict.pace === 'slow' ? policy.curves.slow.base : undefined)
}

/** How a client reaches the server that gives its sessions. */
export const doorFrom =
  ({ sendOwn }: Engine, origin: string): DoorMaker =>
  (signal, secrets) => ({
    origin,
    send: (path, init) => sendOwn(new URL(path, origin).href, { ...init, signal }, secrets),
  })

function listening({ state }: Engine, vendor: Vendor, origin: string): SessionListener {
  const { name } = vendor
  return {
    opened({ peers }) {
      const doors = state.peersOf(vendor)
      if (peers !== undefined) doors?.learn(peers.flatMap((host) => rerouted(doors.lead, host)?.origin ?? []))
      state.emit({ type: 'session-opened', vendor: name, origin })
    },
    refused: (error, retryAfter) => {
      const code = isVendorError(error) ? error.code : isRefused(error) ? error.reason : 'ERROR'
      state.emit({ type: 'session-refused', vendor: name, origin, code, retryAfter })
    },
    closed: () => state.emit({ type: 'session-closed', vendor: name, origin }),
  }
}
