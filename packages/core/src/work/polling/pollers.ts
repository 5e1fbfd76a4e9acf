import type { Engine } from '../../call/engine.ts'
import type { SharedState } from '../../state/shared-state.ts'
import { Poller } from './poller.ts'

type Pollers = Map<string, Poller>

/** By state and vendor: clients that share sessions share polls. */
const pollers = new WeakMap<SharedState, WeakMap<object, Pollers>>()
/** Stands for the vendor of plain HTTP. */
const PLAIN_HTTP = {}

/** The poller of the service at an origin. */
export function pollerFor(engine: Engine, origin: string): Poller {
  const { state, vendor } = engine
  const ofState = pollers.get(state) ?? new WeakMap<object, Pollers>()
  pollers.set(state, ofState)
  const ofVendor = ofState.get(vendor ?? PLAIN_HTTP) ?? new Map<string, Poller>()
  ofState.set(vendor ?? PLAIN_HTTP, ofVendor)
  // The endpoints of one service share a poller, whichever of them the work was begun at.
  const { endpoints } = vendor ?? {}
  const key = (endpoints?.includes(origin) ? endpoints[0] : undefined) ?? origin
  const known = ofVendor.get(key)
  if (known !== undefined) return known
  const made = new Poller(() => ofVendor.delete(key))
  ofVendor.set(key, made)
  return made
}
