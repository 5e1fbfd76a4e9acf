import { endpointsFor, vendorFor } from '../endpoints/resolve.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'
import type { Engine } from './engine.ts'

/** Reads a body before it leaves, where the vendor has to see it. `undefined` where there is nothing to read. */
export function prereadBody(engine: Engine, request: ReplayableRequest, limit: number): Promise<void> | undefined {
  const { vendor, mode } = engine
  if (vendor?.needsRequestBody === undefined || mode === 'observe' || !request.hasUnreadBody) return undefined
  const { facts } = request
  const covering = vendorFor(engine, facts, endpointsFor(engine, facts) !== undefined)
  return covering?.needsRequestBody?.(facts) === true ? request.readUnreadBody(limit) : undefined
}
