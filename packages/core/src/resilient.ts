import { broughtBy } from './call/brought.ts'
import type { Engine, Fetch } from './call/engine.ts'
import { fetchBefore, sendingFetch } from './call/global-fetch.ts'
import { Lifecycle } from './call/lifecycle.ts'
import type { CodeOf } from './contract/catalogue.ts'
import type { Fault } from './contract/fault.ts'
import type { ResilientOptions, State } from './contract/policy.ts'
import type { ErrorRow } from './contract/row.ts'
import { argumentError, OptionsError } from './error/options-error.ts'
import type { VendorError } from './error/vendor-error.ts'
import { type AskedRequest, type Explanation, explain } from './explain.ts'
import { http } from './http/http.ts'
import { setEngine } from './loop/engine-of.ts'
import { fetchOrThrow, fetchReply, type ResilientInit } from './loop/fetch.ts'
import { LOGIN_REPLY_LIMIT, optionChecks } from './options/options.ts'
import { ownCopy } from './options/own-copy.ts'
import { overlay } from './options/policy.ts'
import { limitsFor, readText } from './read-text.ts'
import { failureFor } from './reported-failure.ts'
import { overInit } from './request/snapshot.ts'
import type { FailureDetails, ReadTextOptions, SentRequest, TimeLimits } from './sent-request.ts'
import { type CloseOptions, close, endOnSignals, signalsOf } from './shut-down.ts'
import { followAwaits } from './state/outer-attempt.ts'
import { SharedState } from './state/shared-state.ts'

/** A `fetch` that knows what errors mean. Made by {@link resilient}. */
export interface ResilientFetch<Row extends ErrorRow = ErrorRow> {
  /**
   * Sends a request until it succeeds or has failed for good: backs off, logs in again, asks the right host, or fails fast.
   *
   * @throws {VendorError} when the call has failed for good.
   * @throws {RefusedError} when the request was not sent at all.
   * @throws {OptionsError} when `init.resilience` is invalid, or an option stands beside it.
   * @throws {TypeError} when a function of the vendor or the given `fetch` returns an invalid value, which it names; or, as
   *   `fetch` does, when the request cannot be sent.
   * @throws the caller's own abort reason.
   * @throws what the given `fetch` or a hook throws, if that is not a failure of the network: the same value, or a copy without
   *   secrets if it contains one.
   */
  (input: string | URL | Request, init?: ResilientInit<Row>): Promise<Response>
  /**
   * The same engine with fetch's own contract, for code that reads replies itself: it returns every reply, with its body
   * unread, and rejects only for transport failures, time-outs and refusals. {@link failureOf} returns the verdict of a reply.
   */
  fetch(input: string | URL | Request, init?: ResilientInit<Row>): Promise<Response>
  /** Makes a client with other options and the same sessions, breakers, budgets and pauses. */
  extend(
    options: Omit<
      ResilientOptions<Row>,
      'vendor' | 'breaker' | 'budget' | 'pause' | 'limits' | 'concurrency' | 'queue' | 'state'
    >,
  ): ResilientFetch<Row>
  /**
   * Explains what something means, which row says so, and what the policy would do about it, without doing it.
   *
   * An error of this library is explained for the request that failed, with the decision that ended its call. A code, a reply
   * or an error of the network is explained as the answer to `request`; give its body if it is an RPC, whose method is there.
   */
  explain(
    subject:
      | Response
      | Error
      | { readonly code: Row['code'] | CodeOf<typeof http.catalogue>; readonly status?: number },
    request?: AskedRequest,
  ): Promise<Explanation>
  /**
   * Makes the error of a failure that did not come as the reply to its request, such as one in the record of a task. It is
   * looked up in the catalogue, changed by the `errors` option, and redacted like the errors that this client throws. Nothing
   * is sent, and it changes neither breaker nor budget and causes no event.
   *
   * `mayBeDone` of the error says whether the request may have been done. Mark a fault that was read from a task `inTask`,
   * because work had begun, and `settled` if the task has ended.
   *
   * @param request the request that the failure belongs to, with its body, which shows the operation and the secrets to
   *   redact. A `Request` whose body has been read shows neither.
   * @throws {OptionsError} when `request.resilience` is invalid.
   * @example
   * const { error } = await (await client(`${api}/tasks/7`)).json()
   * const fault = { code: error.code, message: error.message, inTask: true, settled: true }
   * throw await client.failure(fault, { url: `${api}/disks`, method: 'POST', body })
   */
  failure(fault: Fault, request: SentRequest<Row>, details?: FailureDetails): Promise<VendorError>
  /**
   * Returns the time limits of a request: the options of the call come first, then those of the client, then the vendor's own,
   * then the defaults.
   *
   * @throws {OptionsError} when `request.resilience` is invalid.
   * @example
   * const until = performance.now() + client.timeLimits({ url, method: 'POST', body }).totalTimeout
   */
  timeLimits(request: SentRequest<Row>): TimeLimits
  /**
   * Reads the whole body of a reply as text, within the time limit of one attempt and with the request's own signal. The body
   * of a returned reply may still stop in its middle, and then `reply.text()` would wait for ever.
   *
   * @param request the request that the reply answers.
   * @throws {DOMException} a `TimeoutError` when time runs out.
   * @throws {RangeError} for a body longer than `maxBytes`.
   * @throws {OptionsError} when `request.resilience` is invalid.
   * @throws the reason of the request's signal, or the error that the body failed with.
   * @example
   * const text = await client.readText(await client(url, { signal }), { url, signal })
   */
  readText(reply: Response, request: SentRequest<Row>, options?: ReadTextOptions): Promise<string>
  readonly state: State
  /**
   * Shuts down the client and all clients made from it by `extend`. New calls are refused. A call that waits ends at once with
   * the reason `closed`. A call under way has `drain` milliseconds to end and is then aborted; its request may be done. Then
   * the sessions end at their servers, best effort, except those that another client of the same state still uses. Resolves
   * when all of this has ended. A second call changes nothing and resolves with the first.
   */
  close(options?: CloseOptions): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Wraps a `fetch`.
 *
 * @param fetch sends each attempt. If it is the global one, the global is looked up at each attempt, so that a later mock or
 *   instrumentation takes effect.
 * @throws {OptionsError} naming the invalid option.
 * @example
 * const client = resilient(fetch, { retry: { limit: 2 }, timeout: 10_000 })
 * const reply = await client('https://example.com/things')
 */
export function resilient<Row extends ErrorRow = ErrorRow>(
  fetch: Fetch,
  options: ResilientOptions<Row> = {},
): ResilientFetch<Row> {
  checkFetch(fetch)
  const plain = ownCopy(options) as ResilientOptions
  // The check rejects a value that is no vendor.
  const given = typeof plain?.vendor?.parse === 'function' ? plain.vendor : undefined
  // A state of this copy of the library is an instance of its class.
  const brought = given && broughtBy(given)
  const vendor = given && brought ? brought.checked(given) : given
  const own = vendor?.catalogue
  const checks = optionChecks(own === undefined ? [http.catalogue] : [own, http.catalogue])
  checks.client(plain)
  if (vendor?.auth !== undefined && brought === undefined)
    throw new OptionsError('vendor', 'has a login: make it by `defineVendor`, which checks where its credentials go.')
  const state = plain.state ?? new SharedState()
  if (!(state instanceof SharedState)) throw new OptionsError('state', 'must be made by `createState()`.')
  const { breaker, budget, pause, limits, concurrency, queue } = plain
  const observers = [...(plain.observers ?? [])]
  state.addObservers(observers)
  const lifecycle = new Lifecycle()
  const engine: Engine = {
    fetch: sendingFetch(fetch),
    vendor,
    checks,
    policy: overlay(plain),
    mode: plain.mode ?? 'act',
    rateLimit: plain.rateLimit,
    scope: plain.scope,
    init: plain.init,
    loginReplyLimit: plain.loginReplyLimit ?? LOGIN_REPLY_LIMIT,
    trustedHosts: plain.trustedHosts ?? [],
    observers,
    state,
    stateOptions: { breaker, budget, pause, limits, concurrency, queue },
    lifecycle,
    signals: signalsOf(plain),
    closing: lifecycle.closing,
    loginTimeout: plain.loginTimeout,
    newSessionCache: brought?.newSessionCache,
    sendInternal: (url, init, internal) => fetchOrThrow(engine, url, init, internal),
  }
  if (vendor?.auth !== undefined) state.registry.addClient(vendor.auth, engine.lifecycle)
  endOnSignals(engine, engine.signals, (client) => void close(client, { drain: 0 }))
  return client<Row>(engine)
}

/** @throws {OptionsError} for what is no `fetch`: a library above it retries by itself, and throws errors of its own. */
function checkFetch(fetch: Fetch & { readonly create?: unknown }): void {
  if (typeof fetch !== 'function') throw argumentError('fetch', 'must be a function such as the global `fetch`.')
  if (typeof fetch.create === 'function')
    throw argumentError('fetch', 'is another library, such as ky or axios: give that `client.fetch`, or `kyOptions`.')
}

function client<Row extends ErrorRow>(engine: Engine): ResilientFetch<Row> {
  if (engine.policy.nested === 'auto') followAwaits()
  const call = (input: string | URL | Request, init?: ResilientInit<Row>) =>
    fetchBefore(engine.fetch)?.(input, init) ?? fetchOrThrow(engine, input, init as ResilientInit)
  const made = Object.assign(call, {
    fetch: (input: string | URL | Request, init?: ResilientInit<Row>) =>
      fetchBefore(engine.fetch)?.(input, init) ?? fetchReply(engine, input, init as ResilientInit),
    extend: (options: ResilientOptions<Row>) => client<Row>(extended(engine, ownCopy(options) as ResilientOptions)),
    explain: (subject: Parameters<typeof explain>[1], request?: Parameters<typeof explain>[2]) =>
      explain(engine, subject, request),
    failure: (fault: Fault, request: SentRequest, details?: FailureDetails) =>
      failureFor(engine, fault, request, details),
    timeLimits: (request: SentRequest) => limitsFor(engine, request),
    readText: (reply: Response, request: SentRequest, options?: ReadTextOptions) =>
      readText(engine, reply, request, options),
    state: engine.state,
    close: (options?: CloseOptions) => close(engine, options),
    [Symbol.asyncDispose]: () => close(engine),
  }) as ResilientFetch<Row>
  return setEngine(made, engine)
}

function extended(engine: Engine, options: ResilientOptions): Engine {
  engine.checks.extension(options)
  const { trustedHosts = [], mode = engine.mode, loginReplyLimit = engine.loginReplyLimit, init } = options
  const observers = [...engine.observers, ...(options.observers ?? [])]
  engine.state.addObservers(observers)
  const signals = signalsOf(options)
  const child: Engine = {
    ...engine,
    policy: overlay(options, engine.policy),
    mode,
    rateLimit: options.rateLimit ?? engine.rateLimit,
    scope: options.scope ?? engine.scope,
    loginReplyLimit,
    init: init === undefined ? engine.init : overInit(engine.init, init),
    trustedHosts: [...engine.trustedHosts, ...trustedHosts],
    observers,
    signals: [...engine.signals, ...signals],
    // Its signals end its own calls, also those that wait, but not the client that it was made from.
    closing: signals.length === 0 ? engine.closing : AbortSignal.any([engine.closing, ...signals]),
    loginTimeout: options.loginTimeout ?? engine.loginTimeout,
    sendInternal: (url, own, internal) => fetchOrThrow(child, url, own, internal),
  }
  endOnSignals(child, signals)
  return child
}
