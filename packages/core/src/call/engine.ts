import type { Catalogue } from '../contract/catalogue.ts'
import type { Observer } from '../contract/event.ts'
import type { ScopeOf } from '../contract/policy.ts'
import type { RateLimitRules } from '../contract/rate-limit/rules.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { OptionChecks } from '../options/options.ts'
import type { Policy } from '../options/policy.ts'
import type { SharedState } from '../state/shared-state.ts'
import type { StateOptions } from '../state/state-options.ts'
import type { Lifecycle } from './lifecycle.ts'

/** The signature that `fetch` must have. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** Marks one of the engine's own requests. */
export interface InternalCall {
  /** Strings that must not stand in its errors. */
  secrets(): readonly string[]
  /** Lets no attempt begin once it aborts. */
  readonly stop: AbortSignal
}

/** Everything that one client runs its calls with. */
export interface Engine {
  readonly fetch: Fetch
  /** Absent for plain HTTP. */
  readonly vendor: Vendor | undefined
  readonly catalogues: readonly Catalogue[]
  readonly checks: OptionChecks
  readonly policy: Policy
  readonly mode: 'act' | 'observe'
  /** Fields of the events of all its calls: those that ask how work stands are marked. */
  readonly eventMarks?: { readonly poll: true }
  /** The way in which the API tells of its rate limits; `false` if nobody is to listen. */
  readonly rateLimit: RateLimitRules | false | undefined
  /** Divides origins into parts with a key each. */
  readonly scope: ScopeOf | undefined
  readonly init: RequestInit | undefined
  /** Bytes. */
  readonly loginReplyLimit: number
  readonly trustedHosts: readonly string[]
  readonly observers: readonly Observer[]
  readonly state: SharedState
  readonly stateOptions: StateOptions
  /** Of a client and all that were made of it by `extend`: they are closed as one. */
  readonly lifecycle: Lifecycle
  /** Signals of the client, beside each call's own. */
  readonly signals: readonly AbortSignal[]
  /** Aborts when its calls may send no more and wait no longer: it closes, or `extend` has given it a signal that aborts. */
  readonly closing: AbortSignal
  /** Milliseconds for a login. */
  readonly loginTimeout: number | undefined
  /** Runs one of the engine's own requests (login, logout): unsigned, classified, sent once. Rejects on failure. */
  sendInternal(url: string, init: RequestInit, internal: InternalCall): Promise<Response>
}
