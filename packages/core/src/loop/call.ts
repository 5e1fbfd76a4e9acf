import type { Key } from '../admit/key.ts'
import { Deadline } from '../attempt/deadline.ts'
import type { Grounds } from '../classify/classify.ts'
import type { ResilienceEvent } from '../contract/event.ts'
import type { CallOptions } from '../contract/policy.ts'
import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { AttemptRecord, ShownRequest } from '../error/vendor-error.ts'
import { forOwn, overlay, type Policy } from '../options/policy.ts'
import { showableUrl } from '../redact.ts'
import type { Message } from '../request/message.ts'
import { isRepeatable } from '../request/repeatable.ts'
import type { SessionSlot } from '../session/slot.ts'
import { tell } from '../state.ts'
import type { Peers } from '../trust/peers.ts'
import type { Engine } from './engine.ts'
import { ledElsewhere, peersAt, trusts, vendorAt } from './home.ts'
import type { SeenFault } from './seen.ts'
import { slotFor } from './slot.ts'
import { timeoutOf, totalTimeoutOf } from './time-limits.ts'
import { Way } from './way.ts'

let calls = 0

/** The number of the call that was made last. */
export const lastCall = (): number => calls

/** One call under way: where it is going, what has happened, and how long it may go on. */
export class Call {
  readonly id = ++calls
  readonly engine: Engine
  readonly policy: Policy
  readonly started: number
  message: Message
  /** Where the next attempt goes; another URL than the message's after a re-route, or where another peer answers. */
  target: RequestFacts
  /** The doors of the service that the target is one of. */
  peers: Peers | undefined
  way = new Way()
  /** The vendor, where the target is one of its own. */
  vendor: Vendor | undefined
  key: Key
  /** Where the session for the target is kept; absent for requests that are not signed. */
  slot: SessionSlot | undefined
  /** Milliseconds for an attempt. */
  timeout: number
  /** True where the vendor says that this request takes long. */
  slowByNature = false
  /** Monotonic milliseconds at which the call must have ended. */
  readonly until: number
  /** Set for the engine's own requests: they are not signed, and these strings must not stand in their errors. */
  readonly own: (() => readonly string[]) | undefined

  attempt = 0
  retries = 0
  hops = 0
  renewed = false
  lastWait = 0
  waited = 0
  /** Made with the first failure. */
  records: AttemptRecord[] | undefined
  /** The last fault that was to be retried; its reply holds no socket. */
  last: SeenFault | undefined

  constructor(engine: Engine, message: Message, options: CallOptions | undefined, own?: () => readonly string[]) {
    this.engine = engine
    const policy = own === undefined ? engine.policy : forOwn(engine.policy)
    this.policy = options === undefined ? policy : overlay(options, policy)
    this.started = engine.clock.now()
    this.own = own
    this.message = message
    this.target = this.#begin(message.facts)
    // A login goes where its credentials are to be shown, which may be a trusted host that a reply has named.
    this.vendor = vendorAt(engine, this.target, own !== undefined || this.peers !== undefined)
    this.key = this.#keyOf()
    this.slot = this.#slotOf()
    this.timeout = this.#timeout()
    this.until =
      this.started + totalTimeoutOf(this.policy, this.vendor?.limits?.(this.target)?.totalTimeout, this.timeout)
  }

  get signal(): AbortSignal | null | undefined {
    return this.message.signal
  }

  get remaining(): number {
    return this.until - this.engine.clock.now()
  }

  /** A limit on something this call waits for: its remaining time, and its caller's patience. */
  deadline(): Deadline {
    const { remaining } = this
    return new Deadline(remaining === Number.POSITIVE_INFINITY ? undefined : Math.max(0, remaining), this.signal)
  }

  /** What its replies are classified by. */
  get grounds(): Grounds {
    const { target, vendor, policy, engine } = this
    return { request: target, vendor, errors: policy.errors, date: engine.clock.date }
  }

  get request(): ShownRequest {
    return { method: this.target.method, url: showableUrl(this.target.url) }
  }

  get isRepeatable(): boolean {
    const { target, vendor, policy, message } = this
    return isRepeatable(target, vendor, policy.idempotent, () => new Headers(message.headers))
  }

  /** Whether the credential of this call may go on from one address to another. */
  trusts(to: URL, from: URL): boolean {
    return trusts(this.engine, this.peers, to, from)
  }

  /** True where the target is not what the message says. */
  get isElsewhere(): boolean {
    return this.target !== this.message.facts
  }

  /** True where the next attempt goes to another door than the last. */
  get isLedOn(): boolean {
    return ledElsewhere(this, this.target) !== undefined
  }

  /** True for the engine's own requests: logins and logouts. */
  get isOwn(): boolean {
    return this.own !== undefined
  }

  /** Goes to another host from now on. */
  moveTo(url: string): void {
    this.hops++
    const target = this.message.factsAt(url)
    if (this.peers !== undefined) this.way.sendOn(this.peers, target.origin)
    this.#aim(target, true)
  }

  /** Goes where the service is now, which others may have found out meanwhile. */
  keepUp(): void {
    const url = ledElsewhere(this, this.target)
    if (url !== undefined) this.#aim(this.message.factsAt(url), true)
  }

  /** Sends another request from now on. */
  replace(message: Message): void {
    this.message.dispose()
    this.message = message
    this.way = new Way()
    this.#aim(this.#begin(message.facts), false)
  }

  emit(event: ResilienceEvent): void {
    tell(this.engine.observers, event)
  }

  get hasObservers(): boolean {
    return this.engine.observers.length > 0
  }

  /** What every event of this call says. */
  get facts() {
    return { call: this.id, key: this.key.id, ...this.request }
  }

  #aim(target: RequestFacts, trusted: boolean): void {
    this.way.leave(this.target.origin)
    this.target = target
    this.vendor = vendorAt(this.engine, target, trusted || this.peers !== undefined)
    this.key = this.#keyOf()
    this.slot = this.#slotOf()
    this.timeout = this.#timeout()
  }

  #begin(facts: RequestFacts): RequestFacts {
    this.peers = peersAt(this.engine, facts)
    const url = ledElsewhere(this, facts)
    return url === undefined ? facts : this.message.factsAt(url)
  }

  #keyOf(): Key {
    const { vendor, target, engine } = this
    const name = { vendor: vendor?.name ?? 'http', origin: target.origin, scope: vendor?.scope?.(target) ?? 'all' }
    return engine.state.key(name, engine.stateOptions, this.started)
  }

  #slotOf(): SessionSlot | undefined {
    const { vendor, engine, target } = this
    return this.own !== undefined || vendor?.auth === undefined
      ? undefined
      : slotFor(engine, vendor, vendor.auth, vendor.auth.home ?? this.peers?.home ?? target.origin)
  }

  #timeout(): number {
    const said = this.vendor?.limits?.(this.target)?.timeout
    this.slowByNature = said !== undefined
    return timeoutOf(this.policy, said)
  }
}
