import { isObject, type Unsent } from '@holdfast/core/plugin'
import type { Dispatcher } from './dispatcher.ts'

/**
 * The place where a request waits that a dispatcher has not begun to write. `undefined` if that is not known: undici 7 and
 * later tell how many wait for each origin, and what is not undici's own may have sent it by other means.
 */
export function waitingPlaceOf(dispatcher: Dispatcher, origin: string): Unsent | undefined {
  if (!isUndicis(dispatcher)) return undefined
  const { stats } = dispatcher as { readonly stats?: unknown }
  if (!isObject(stats)) return undefined
  const { connected, pending } = (('pending' in stats ? stats : stats[origin]) as Partial<Stats>) ?? {}
  if (!(Number(pending) > 0)) return undefined
  return Number(connected) > 0 ? 'queued' : 'connecting'
}

/** As undici tells of a client, or of the clients of a pool together. */
interface Stats {
  /** Connections that stand, or whether the one does. */
  readonly connected: number | boolean
  /** Requests that have not been begun. */
  readonly pending: number
}

/** True for a dispatcher whose `dispatch` is undici's: none of a subclass, and no interceptors. */
export function isUndicis(dispatcher: Dispatcher): boolean {
  let owner: object | null = dispatcher
  while (owner !== null && !Object.hasOwn(owner, 'dispatch')) owner = Object.getPrototypeOf(owner)
  return owner?.constructor.name === 'DispatcherBase' && dispatcher.dispatch === (owner as Dispatcher).dispatch
}
