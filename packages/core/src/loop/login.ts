import { type SessionListener, SessionSlot } from '../act/sessions.ts'
import type { Door, SessionSource } from '../contract/session.ts'
import type { Vendor } from '../contract/vendor.ts'
import { isRefused } from '../error/refused-error.ts'
import { isAuth, isVendorError } from '../error/vendor-error.ts'
import { tell } from '../state.ts'
import type { Engine } from './engine.ts'

/** The session of a vendor's credentials at an origin. */
export function slotFor(engine: Engine, vendor: Vendor, source: SessionSource, origin: string): SessionSlot {
  return engine.state.slot(source, origin, () => {
    const listener = listening(engine, vendor.name, origin)
    return new SessionSlot({
      source,
      clock: engine.clock,
      listener,
      door: (signal, secrets) => doorTo(engine, origin, signal, secrets),
      isRefusal: isAuth,
      retryAfterOf: (error) => leftAlone(engine, vendor, error),
    })
  })
}

/** How long a failed login is left alone: the server's word, or the first step of the pace of what it met. */
function leftAlone({ policy }: Engine, { catalogue }: Vendor, error: unknown): number | undefined {
  if (isRefused(error)) return error.retryAfter
  if (!isVendorError(error)) return undefined
  const { code, status, detail, retryAfter } = error
  const row = catalogue.find({
    code,
    ...(status !== undefined && { status }),
    details: detail === undefined ? [] : [detail],
  })
  return retryAfter ?? (row?.kind === 'retryable' && row.pace === 'slow' ? policy.curves.slow.base : undefined)
}

function doorTo(engine: Engine, origin: string, signal: AbortSignal, secrets: () => readonly string[]): Door {
  return { origin, send: (path, init) => engine.sendOwn(new URL(path, origin).href, { ...init, signal }, secrets) }
}

function listening({ observers }: Engine, vendor: string, origin: string): SessionListener {
  return {
    opened: () => tell(observers, { type: 'session-opened', vendor, origin }),
    refused: (error, retryAfter) => {
      const code = isVendorError(error) ? error.code : isRefused(error) ? error.reason : 'ERROR'
      tell(observers, { type: 'session-refused', vendor, origin, code, retryAfter })
    },
    closed: () => tell(observers, { type: 'session-closed', vendor, origin }),
  }
}
