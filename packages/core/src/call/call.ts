import { Deadline } from '../attempt/deadline.ts'
import { type ClassifyContext, contextOf } from '../classify/context.ts'
import { systemClock } from '../contract/clock.ts'
import type { ResilienceEvent } from '../contract/event.ts'
import type { CallOptions } from '../contract/policy.ts'
import type { Changes, RequestFacts } from '../contract/request.ts'
import type { EndpointSet } from '../endpoints/endpoint-set.ts'
import { endpointsFor, failoverUrl } from '../endpoints/resolve.ts'
import { Route } from '../endpoints/route.ts'
import { forInternal, overlay, type Policy } from '../options/policy.ts'
import { idempotencyKeyFor } from '../request/made/idempotency-key.ts'
import { isRepeatableCall } from '../request/repeatable.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'
import { outerAttempt, sendWithin } from '../state/outer-attempt.ts'
import { notify } from '../state/shared-state.ts'
import type { FailedAttempt } from './attempt-result.ts'
import { type Destination, destinationFor } from './destination.ts'
import type { Engine, InternalCall } from './engine.ts'
import type { RunningCall } from './lifecycle.ts'
import { CallProgress } from './progress.ts'
import { FOR_EVENTS, secretsOfCall } from './shown/secrets.ts'
import { ShownCall } from './shown/shown-call.ts'
import { limitOf, minAttemptTime, totalTimeoutOf } from './time-limits.ts'

let calls = 0

/** One call under way: its destination, its history, and its deadline. */
export class Call extends CallProgress implements RunningCall {
  readonly id = ++calls
  readonly engine: Engine
  readonly policy: Policy
  /** Monotonic milliseconds. */
  readonly startedAt: number
  /** Monotonic milliseconds at which the call must have ended. */
  readonly deadlineAt: number
  /** Set for the engine's own requests: logins and logouts. */
  readonly internal: InternalCall | undefined
  /** Aborts when this call may send no more and wait no longer. */
  readonly closing: AbortSignal
  request: ReplayableRequest
  /** The outer call; see {@link outerCall}. */
  outer: Call | undefined
  /** True in an attempt of an outer client, which may find a failure in the reply and show its text. */
  readonly isWithin = outerAttempt() !== undefined
  /** The endpoints of the service that the request is for; absent if its vendor names none. */
  endpoints: EndpointSet | undefined
  destination: Destination
  #shown: ShownCall | undefined

  constructor(engine: Engine, request: ReplayableRequest, options: CallOptions | undefined, internal?: InternalCall) {
    super()
    this.engine = engine
    const policy = internal === undefined ? engine.policy : forInternal(engine.policy)
    this.policy = options === undefined ? policy : overlay(options, policy)
    this.startedAt = systemClock.now()
    this.internal = internal
    this.closing = internal?.stop ?? engine.closing
    this.request = request
    this.endpoints = endpointsFor(engine, request.facts)
    // A login goes to the origin of its credentials, which may be a trusted host that a reply has named.
    this.destination = this.#firstDestination(this.isInternal, this.startedAt)
    this.idempotencyKey = idempotencyKeyFor(this)
    const { vendor, target, timeout } = this.destination
    this.deadlineAt = this.startedAt + totalTimeoutOf(this.policy, vendor?.limits?.(target)?.totalTimeout, timeout)
  }

  get signal(): AbortSignal | null | undefined {
    return this.request.signal
  }

  /** The hosts that it has been to. */
  get route(): Route {
    return this.history.route
  }

  get remaining(): number {
    return this.deadlineAt - systemClock.now()
  }

  /** True for the engine's own requests: logins and logouts. */
  get isInternal(): boolean {
    return this.internal !== undefined
  }

  /** True if the next attempt goes to another address than the caller's. */
  get hasNewAddress(): boolean {
    return this.destination.target !== this.request.facts
  }

  /** Milliseconds for the attempt under way; `Infinity` for no limit. */
  get attemptTimeout(): number {
    const { destination, history, deadlineAt, attemptStartedAt } = this
    return Math.max(0, Math.min(destination.timeout - history.preparedFor, deadlineAt - attemptStartedAt))
  }

  get hasObservers(): boolean {
    return !this.isTerminated && this.engine.observers.length > 0
  }

  /** True once it was ended from outside, was aborted, or has no time left. */
  get isOver(): boolean {
    return this.isTerminated || this.signal?.aborted === true || this.remaining <= 0
  }

  /** Fewest milliseconds that must be left for an attempt. */
  get minAttemptTime(): number {
    return minAttemptTime(this.destination.timeout, this.deadlineAt - this.startedAt)
  }

  /** A deadline for something that the call waits for: its remaining time, or the caller's abort. */
  deadline(): Deadline {
    return new Deadline(limitOf(this.remaining), this.signal)
  }

  /** The context that its replies are classified in. */
  classifyContext(): ClassifyContext {
    return contextOf(this)
  }

  /** The call as errors and events show it. */
  get shown(): ShownCall {
    if (this.#shown?.destination !== this.destination)
      this.#shown = new ShownCall(this, secretsOfCall(this, undefined, FOR_EVENTS))
    return this.#shown
  }

  /** True if it may be repeated although its outcome is unknown. */
  isRepeatable(): boolean {
    return isRepeatableCall(this)
  }

  /** Every string that must not be in the errors and events of this call, or of one of its attempts. */
  secrets(attempt?: Pick<FailedAttempt, 'session' | 'reading'>): readonly string[] {
    return secretsOfCall(this, attempt)
  }

  /** True if the next attempt goes to another endpoint than the last. */
  willFailOver(): boolean {
    return failoverUrl(this, this.destination.target) !== undefined
  }

  /** Goes to another host from now on, because of a reply. */
  rerouteTo(url: string): void {
    const target = this.request.factsAt(url)
    if (this.endpoints !== undefined) this.route.rerouteTo(this.endpoints, target.origin, systemClock.now())
    this.#goTo(target)
  }

  /** Goes to the active endpoint, which other calls may have changed. */
  followActiveEndpoint(): void {
    const url = failoverUrl(this, this.destination.target)
    if (url === undefined) return
    this.#goTo(this.request.factsAt(url))
    this.route.leaveReroute()
  }

  /**
   * Sends another request from now on.
   *
   * @param isOther false for the same one at another address, which an earlier attempt may have done: it keeps its key.
   */
  replaceRequest(request: ReplayableRequest, isOther: boolean): void {
    this.keepHistory()
    this.history.formerSecrets = this.secrets()
    this.request.dispose()
    this.request = request
    this.headers = undefined
    this.history.route = new Route()
    this.route.markTried(this.destination.target.origin)
    this.endpoints = endpointsFor(this.engine, request.facts)
    this.destination = this.#firstDestination(false, systemClock.now())
    if (isOther) this.idempotencyKey = idempotencyKeyFor(this)
  }

  /** Sends its request with the changes of an attempt. */
  send(changes: Changes): Promise<Response> {
    this.hasLeft = true
    return this.hedge === undefined ? sendWithin(this, changes) : this.hedge(changes)
  }

  /** Ends it from outside. */
  terminate(thrown?: { readonly reason: unknown }): void {
    this.keeper?.terminate(thrown)
  }

  /** Waits. @throws the caller's abort reason, or a {@link ClosedError}. */
  async sleep(ms: number): Promise<void> {
    // A very short wait needs no timer, which would take a turn of the event loop and a millisecond at least.
    if (ms >= 1) return systemClock.sleep(ms, this.signal, this.closing)
    for (const signal of [this.signal, this.closing]) signal?.throwIfAborted()
  }

  emit(event: ResilienceEvent): void {
    notify(this.engine.observers, event)
  }

  #firstDestination(isTrusted: boolean, now: number): Destination {
    const { facts } = this.request
    const url = failoverUrl(this, facts)
    return destinationFor(this, url === undefined ? facts : this.request.factsAt(url), isTrusted, now)
  }

  #goTo(target: RequestFacts): void {
    this.keepHistory()
    this.history.formerSecrets = this.secrets()
    this.route.markTried(this.destination.target.origin)
    this.destination = destinationFor(this, target, true, systemClock.now())
  }
}
