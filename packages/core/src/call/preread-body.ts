import { systemClock } from '../contract/clock.ts'
import { endpointsFor, vendorFor } from '../endpoints/resolve.ts'
import type { Waiting } from '../request/recording.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'
import type { Engine } from './engine.ts'

/** Most milliseconds for reading a body before it is sent: after that it is sent unread. */
const LONGEST = 10_000

/** Reads a body before it is sent, if the vendor has to see it. `undefined` if there is nothing to read. */
export function prereadBody(engine: Engine, request: ReplayableRequest, limit: number): Promise<void> | undefined {
  const { vendor, mode } = engine
  if (vendor?.needsRequestBody === undefined || mode === 'observe' || !request.hasUnreadBody) return undefined
  const { facts } = request
  const covering = vendorFor(engine, facts, endpointsFor(engine, facts) !== undefined)
  return covering?.needsRequestBody?.(facts) === true
    ? request.readUnreadBody(limit, waitingFor(engine, request.signal))
    : undefined
}

/** A wait for a body that ends after ten seconds, or when its caller aborts. */
export function waitingFor({ closing }: Pick<Engine, 'closing'>, signal?: AbortSignal | null): Waiting {
  const until = systemClock.now() + LONGEST
  return {
    get isOver() {
      return closing.aborted || signal?.aborted === true || systemClock.now() > until
    },
  }
}
