import { lastCall } from './call/call.ts'
import type { Engine, Fetch } from './call/engine.ts'
import type { CodeOf } from './contract/catalogue.ts'
import { systemClock } from './contract/clock.ts'
import type { ResilientOptions, State } from './contract/policy.ts'
import type { ErrorRow } from './contract/row.ts'
import { OptionsError } from './error/options-error.ts'
import { type Explanation, explain } from './explain.ts'
import { http } from './http/http.ts'
import { fetchOrThrow, fetchReply, type ResilientInit } from './loop/fetch.ts'
import { optionChecks } from './options/options.ts'
import { overlay } from './options/policy.ts'
import { overInit } from './request/defaults.ts'
import { SharedState } from './state/shared-state.ts'

/** A `fetch` that knows what errors mean. */
export interface ResilientFetch<Row extends ErrorRow = ErrorRow> {
  /**
   * Sends a request and sees it through: backs off, logs in again, asks the right host, or fails fast.
   *
   * @throws {VendorError} when the call has failed for good.
   * @throws {RefusedError} when it was not let out at all.
   * @throws {OptionsError} when `init.resilience` cannot be meant.
   * @throws the caller's own abort reason.
   * @throws what the given `fetch` or a hook throws, where that is none of the network's failures: the same value, or a
   *   copy without secrets where one stands in it.
   */
  (input: string | URL | Request, init?: ResilientInit<Row>): Promise<Response>
  /**
   * The same engine with fetch's own contract, for code that reads replies itself: every reply is returned, its body
   * unread; it rejects only for transport failures, time-outs and refusals. {@link failureOf} has the verdict.
   */
  fetch(input: string | URL | Request, init?: ResilientInit<Row>): Promise<Response>
  /** A client with other options on the same sessions, breakers, budgets and pauses. */
  extend(options: Omit<ResilientOptions<Row>, 'vendor' | 'breaker' | 'budget' | 'pause' | 'state'>): ResilientFetch<Row>
  /** Says what something means, which row says so and what the policy would do, without doing it. */
  explain(
    subject:
      | Response
      | Error
      | { readonly code: Row['code'] | CodeOf<typeof http.catalogue>; readonly status?: number },
    request?: { readonly method?: string; readonly url?: string },
  ): Promise<Explanation>
  readonly state: State
  /**
   * Ends all sessions at their servers, best effort. Calls under way open no other: one that waits for a session rejects
   * with an `AbortError`, or with what it met before. A later call logs in anew.
   * Those that another client of the same state uses end with the last of them.
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Time limit of a logout, in milliseconds. */
const LOGOUT = 5_000

/**
 * Wraps a `fetch`.
 *
 * @throws {OptionsError} naming the option that cannot be meant.
 * @example
 * const client = resilient(fetch, { retry: { limit: 2 }, timeout: 10_000 })
 * const reply = await client('https://example.com/things')
 */
export function resilient<Row extends ErrorRow = ErrorRow>(
  fetch: Fetch,
  options: ResilientOptions<Row> = {},
): ResilientFetch<Row> {
  if (typeof fetch !== 'function') throw new OptionsError('fetch', 'must be a function such as the global `fetch`.')
  const plain = options as ResilientOptions
  // Whatever was given in a vendor's place is for the check to complain of.
  const own = plain?.vendor?.catalogue
  const catalogues = own === undefined ? [http.catalogue] : [own, http.catalogue]
  const checks = optionChecks(catalogues)
  checks.client(plain)
  const state = plain.state ?? new SharedState()
  if (!(state instanceof SharedState)) throw new OptionsError('state', 'must be made by `createState()`.')
  const observers = [...(plain.observers ?? [])]
  state.addObservers(observers)
  const engine: Engine = {
    fetch,
    vendor: plain.vendor,
    catalogues,
    checks,
    policy: overlay(plain),
    mode: plain.mode ?? 'act',
    init: plain.init,
    trustedHosts: plain.trustedHosts ?? [],
    observers,
    state,
    stateOptions: { breaker: plain.breaker, budget: plain.budget, pause: plain.pause },
    clock: systemClock,
    client: {},
    sendInternal: (url, init, secrets) => fetchOrThrow(engine, url, init, secrets),
  }
  if (plain.vendor?.auth !== undefined) state.addClient(plain.vendor.auth, engine.client)
  return client<Row>(engine)
}

function client<Row extends ErrorRow>(engine: Engine): ResilientFetch<Row> {
  const call = (input: string | URL | Request, init?: ResilientInit<Row>) =>
    fetchOrThrow(engine, input, init as ResilientInit)
  const close = async () => {
    const source = engine.vendor?.auth
    if (source !== undefined)
      await engine.state.close(source, engine.client, lastCall(), () => AbortSignal.timeout(LOGOUT))
  }
  return Object.assign(call, {
    fetch: (input: string | URL | Request, init?: ResilientInit<Row>) =>
      fetchReply(engine, input, init as ResilientInit),
    extend: (options: ResilientOptions<Row>) => client<Row>(extended(engine, options as ResilientOptions)),
    explain: (subject: Parameters<typeof explain>[1], request?: Parameters<typeof explain>[2]) =>
      explain(engine, subject, request),
    state: engine.state,
    close,
    [Symbol.asyncDispose]: close,
  }) as ResilientFetch<Row>
}

function extended(engine: Engine, options: ResilientOptions): Engine {
  engine.checks.extension(options)
  const { trustedHosts = [], mode = engine.mode, init } = options
  const observers = [...engine.observers, ...(options.observers ?? [])]
  engine.state.addObservers(observers)
  const child: Engine = {
    ...engine,
    policy: overlay(options, engine.policy),
    mode,
    init: init === undefined ? engine.init : overInit(engine.init, init),
    trustedHosts: [...engine.trustedHosts, ...trustedHosts],
    observers,
    sendInternal: (url, own, secrets) => fetchOrThrow(child, url, own, secrets),
  }
  return child
}
