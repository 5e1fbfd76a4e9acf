import { isTrusted } from '../act/reroute.ts'
import type { SessionSlot } from '../act/sessions.ts'
import type { Key } from '../admit/key.ts'
import type { ResilienceEvent } from '../contract/event.ts'
import type { CallOptions } from '../contract/policy.ts'
import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { AttemptRecord, ShownRequest } from '../error/vendor-error.ts'
import { overlay, type Policy, TIMEOUT, TOTAL_TIMEOUT } from '../options/policy.ts'
import { showableUrl } from '../redact.ts'
import type { Message } from '../request/message.ts'
import { isRepeatable } from '../request/repeatable.ts'
import { tell } from '../state.ts'
import type { Engine } from './engine.ts'
import { slotFor } from './login.ts'
import type { SeenFault } from './seen.ts'

let calls = 0

/** One call under way: where it is going, what has happened, and how long it may go on. */
export class Call {
  readonly id = ++calls
  readonly engine: Engine
  readonly policy: Policy
  readonly started: number
  message: Message
  /** Where the next attempt goes; another URL than the message's after a re-route. */
  target: RequestFacts
  /** The vendor, where the target is one of its own. */
  vendor: Vendor | undefined
  key: Key
  /** Where the session for the target is kept; absent for requests that are not signed. */
  slot: SessionSlot | undefined
  /** Milliseconds for an attempt, and whether they are the vendor's word that this request is slow by nature. */
  timeout: number
  slowByNature = false
  /** Monotonic milliseconds at which the call must have ended. */
  readonly until: number
  /** Set for the engine's own requests: they are not signed, and these strings must not stand in their errors. */
  readonly #own: (() => readonly string[]) | undefined

  attempt = 0
  retries = 0
  hops = 0
  renewed = false
  lastWait = 0
  waited = 0
  /** Made with the first failure. */
  records: AttemptRecord[] | undefined
  /** The last fault that was to be retried, and its reply without a socket. */
  last: (SeenFault & { readonly sealed: Response | undefined }) | undefined

  constructor(engine: Engine, message: Message, options: CallOptions | undefined, own?: () => readonly string[]) {
    this.engine = engine
    this.policy = options === undefined ? engine.policy : overlay(options, engine.policy)
    this.started = engine.clock.now()
    this.#own = own
    this.message = message
    this.target = message.facts
    // A login goes where its credentials are to be shown, which may be a trusted host that a reply has named.
    this.vendor = this.#vendorOf(message.facts, own !== undefined)
    this.key = this.#keyOf()
    this.slot = this.#slotOf()
    const { timeout, totalTimeout } = this.#limits()
    this.timeout = timeout
    this.until = this.started + totalTimeout
  }

  get signal(): AbortSignal | null | undefined {
    return this.message.signal
  }

  get remaining(): number {
    return this.until - this.engine.clock.now()
  }

  get request(): ShownRequest {
    return { method: this.target.method, url: showableUrl(this.target.url) }
  }

  get isRepeatable(): boolean {
    const { target, vendor, policy, message } = this
    return isRepeatable(target, vendor, policy.idempotent, () => new Headers(message.headers))
  }

  /** Every string that must not stand in what this call tells: the session's, the credentials', the caller's own headers. */
  secrets(): readonly string[] {
    const headers = new Headers(this.message.headers)
    const names = ['authorization', ...(this.engine.vendor?.secretHeaders ?? [])]
    // `Basic abc` may come back whole or as `abc` alone.
    const shown = names.flatMap((name) => headers.get(name)?.split(' ').slice(-1) ?? [])
    return [...(this.slot?.secrets() ?? []), ...(this.#own?.() ?? []), ...shown]
  }

  /** Whether the credential of this call may go on from one address to another. */
  trusts(to: URL, from: URL): boolean {
    const { trustedHosts, vendor } = this.engine
    return isTrusted(to, from, trustedHosts, vendor?.origins ?? [])
  }

  /** True for the engine's own requests: logins and logouts. */
  get isOwn(): boolean {
    return this.#own !== undefined
  }

  /** Goes to another host from now on. */
  moveTo(url: string): void {
    this.hops++
    this.#aim(this.message.factsAt(url), true)
  }

  /** Sends another request from now on. */
  replace(message: Message): void {
    this.message = message
    this.#aim(message.facts, false)
  }

  emit(event: ResilienceEvent): void {
    tell(this.engine.observers, event)
  }

  get isObserved(): boolean {
    return this.engine.observers.length > 0
  }

  /** What every event of this call says. */
  get facts() {
    return { call: this.id, key: this.key.id, ...this.request }
  }

  #aim(target: RequestFacts, trusted: boolean): void {
    this.target = target
    this.vendor = this.#vendorOf(target, trusted)
    this.key = this.#keyOf()
    this.slot = this.#slotOf()
  }

  #vendorOf(facts: RequestFacts, trusted: boolean): Vendor | undefined {
    const { vendor } = this.engine
    if (vendor === undefined) return undefined
    if (!trusted && vendor.origins !== undefined && !vendor.origins.includes(facts.origin)) return undefined
    return vendor.covers?.(facts) === false ? undefined : vendor
  }

  #keyOf(): Key {
    const { vendor, target, engine } = this
    const name = { vendor: vendor?.name ?? 'http', origin: target.origin, scope: vendor?.scope?.(target) ?? 'all' }
    return engine.state.key(name, engine.stateOptions, this.started)
  }

  #slotOf(): SessionSlot | undefined {
    const { vendor, engine, target } = this
    return this.#own !== undefined || vendor?.auth === undefined
      ? undefined
      : slotFor(engine, vendor, vendor.auth, target.origin)
  }

  #limits(): { timeout: number; totalTimeout: number } {
    const { policy, vendor, target } = this
    const said = vendor?.limits?.(target)
    this.slowByNature = said?.timeout !== undefined
    const timeout = limit(policy.timeout ?? said?.timeout ?? TIMEOUT)
    const usual = Math.max(TOTAL_TIMEOUT, Number.isFinite(timeout) ? timeout : 0)
    return { timeout, totalTimeout: limit(policy.totalTimeout ?? said?.totalTimeout ?? usual) }
  }
}

const limit = (ms: number | false): number => (ms === false ? Number.POSITIVE_INFINITY : ms)
