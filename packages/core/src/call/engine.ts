import type { Observer } from '../contract/event.ts'
import type { ScopeOf } from '../contract/policy.ts'
import type { RateLimitRules } from '../contract/rate-limit/rules.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { OptionChecks } from '../options/options.ts'
import type { Policy } from '../options/policy.ts'
import type { SessionCache } from '../session/session-cache.ts'
import type { SessionCacheOptions } from '../session/session-cache-options.ts'
import type { SharedState } from '../state/shared-state.ts'
import type { StateOptions } from '../state/state-options.ts'
import type { Lifecycle } from './lifecycle.ts'

/** The signature that `fetch` must have. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** Marks one of the engine's own requests. */
export interface InternalCall {
  /** Strings that must not stand in its errors. */
  secrets(): readonly string[]
  /** No attempt begins after it aborts. */
  readonly stop: AbortSignal
}

/** The part of a client that its calls share. */
export interface Engine {
  readonly fetch: Fetch
  /** Absent for plain HTTP. */
  readonly vendor: Vendor | undefined
  readonly checks: OptionChecks
  readonly policy: Policy
  readonly mode: 'act' | 'observe'
  /** Fields of the events of all its calls: polls are marked. */
  readonly eventMarks?: { readonly poll: true }
  /** The rules of the API's rate limits; `false` to read none. */
  readonly rateLimit: RateLimitRules | false | undefined
  /** The user's function that divides an origin into parts, each with its own key. */
  readonly scope: ScopeOf | undefined
  readonly init: RequestInit | undefined
  /** Bytes. */
  readonly loginReplyLimit: number
  readonly trustedHosts: readonly string[]
  readonly observers: readonly Observer[]
  readonly state: SharedState
  readonly stateOptions: StateOptions
  /** Shared by a client and all that `extend` has made from it: they are closed together. */
  readonly lifecycle: Lifecycle
  /** Signals of the client, in addition to each call's own. */
  readonly signals: readonly AbortSignal[]
  /** Aborts when its calls may neither send nor wait: when it closes, or when a signal given to `extend` aborts. */
  readonly closing: AbortSignal
  /** Milliseconds for a login. */
  readonly loginTimeout: number | undefined
  /** Brought by a vendor. */
  readonly newSessionCache: ((options: SessionCacheOptions) => SessionCache) | undefined
  /** Runs one of the engine's own requests (login, logout): unsigned, classified, sent once. Rejects on failure. */
  sendInternal(url: string, init: RequestInit, internal: InternalCall): Promise<Response>
}
