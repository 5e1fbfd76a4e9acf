import CircuitBreaker from 'opossum'
import { systemClock } from '../contract/clock.ts'
import type { OpeningCause } from '../contract/event.ts'
import type { BreakerOptions } from '../contract/policy.ts'
import { openTimeOf } from './open-time.ts'
import type { Permit } from './permit.ts'
import { ProbeLeases } from './probe-leases.ts'
import { Window } from './window.ts'

/** Told of the changes of a circuit. */
export interface CircuitListener {
  opened(openTime: number, cause: OpeningCause): void
  halfOpened(): void
  closed(): void
}

/** Word of one attempt on the service. `neutral` says nothing. */
export type Health = 'success' | 'failure' | 'neutral'

const BUCKETS = 10
const FAILURE = Object.freeze(new Error('A failed attempt'))

// opossum turns its buckets by a timer or by this controller; it gets one that never speaks, and the window turns by
// elapsed time when it is looked at, so that an idle circuit holds no timer.
const INERT = { listenerCount: () => 1, on: () => INERT, removeListener: () => INERT }

/**
 * The circuit of one key.
 *
 * opossum holds the states, the failure rate and the open timer. It never wraps a request: refusals and aborted calls
 * would count as calls. Results are told to it afterwards, and probes are counted here.
 */
export class Breaker {
  readonly #circuit: CircuitBreaker<[], void>
  readonly #settings: { resetTimeout: number }
  readonly #options: Required<BreakerOptions>
  readonly #listener: CircuitListener
  readonly #window: Window
  readonly #leases: ProbeLeases
  #epoch = 0
  /** The epoch of the first opening since the circuit was closed. */
  #outage = 0
  /** The permit of every request while the circuit is closed. */
  #open: Permit = { epoch: 0, until: undefined }
  #openings = 0
  #reopensAt = 0
  #probed = 0
  #cause: OpeningCause = 'failure-rate'

  constructor(name: string, options: Required<BreakerOptions>, listener: CircuitListener, now: number) {
    // An object of this breaker's own: opossum keeps it, and the growing open time is written into it.
    const settings = {
      name,
      timeout: false as const,
      resetTimeout: options.openTime,
      errorThresholdPercentage: below(options.failureRate) * 100,
      volumeThreshold: options.minimum,
      rollingCountTimeout: options.window,
      rollingCountBuckets: BUCKETS,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      rotateBucketController: INERT as unknown as NodeJS.EventEmitter,
    }
    this.#settings = settings
    this.#options = options
    this.#listener = listener
    this.#circuit = new CircuitBreaker(fail, settings)
    this.#leases = new ProbeLeases(options.probes)
    this.#window = new Window(BUCKETS, options.window, now)
    this.#circuit.on('open', () => this.#opened())
    this.#circuit.on('halfOpen', () => this.#halfOpened())
    this.#circuit.on('close', () => this.#closed())
  }

  get state(): 'closed' | 'open' | 'half-open' {
    return this.#circuit.opened ? 'open' : this.#circuit.halfOpen ? 'half-open' : 'closed'
  }

  /** True for an attempt of that length where slow calls count. */
  isSlow(ms: number): boolean {
    return this.#options.slowCallRate !== false && ms >= this.#options.slowCallDuration
  }

  /** A place, or the milliseconds after which to ask again. */
  admit(now: number): Permit | number {
    if (this.#circuit.closed) return this.#open
    if (this.#circuit.opened) return Math.max(1, this.#reopensAt - now)
    const taken = this.#leases.delay(this.#probed, now)
    // One that is late or lost keeps its place for as long as a circuit would be open.
    return taken > 0 ? taken : this.#leases.take(this.#epoch, this.#settings.resetTimeout, now)
  }

  /** Milliseconds after which to ask for a place again; 0 where one could be had. Takes none. */
  admissionDelay(now: number): number {
    return this.#circuit.halfOpen ? this.#leases.delay(this.#probed, now) : this.probeDelay(now)
  }

  /** Milliseconds until the first probe may go; 0 where it may, or has gone: its result is not to be foretold. */
  probeDelay(now: number): number {
    return this.#circuit.opened ? Math.max(1, this.#reopensAt - now) : 0
  }

  /** Closes the circuit, and forgets what was counted. */
  reset(): void {
    if (this.#circuit.closed) this.#closed()
    else this.#circuit.close()
  }

  /** Gives a place back that nothing was sent with. */
  release(permit: Permit): void {
    this.#leases.giveBack(permit)
  }

  /** Counts what an attempt said, if the circuit is still as it was when the attempt began. */
  record(permit: Permit, health: Health, slow: boolean, now: number): void {
    const isProbe = permit.until !== undefined
    if (isProbe) this.#leases.giveBack(permit)
    if (health === 'neutral') return
    // The answer to a late probe is news of now: others may have opened the circuit again meanwhile.
    const isLateProbe = isProbe && permit.epoch >= this.#outage && health === 'success'
    if (permit.epoch !== this.#epoch && !isLateProbe) return
    if (!this.#circuit.closed) return this.#recordProbe(health)
    this.#turn(now)
    this.#window.add(slow)
    if (health === 'failure') this.#fail('failure-rate')
    else this.#status.increment('fires')
    const { slowCallRate, minimum } = this.#options
    if (slowCallRate !== false && this.#circuit.closed && this.#window.slowRate(minimum) > below(slowCallRate)) {
      this.#prepare('slow-call-rate')
      this.#circuit.open()
    }
  }

  #recordProbe(health: Health): void {
    if (health === 'failure') return this.#fail('probe-failed')
    this.#probed++
    // Closed at once: a success that is fired would leave nobody a place until opossum has heard of it.
    if (this.#probed >= this.#options.probes) this.#circuit.close()
  }

  #fail(cause: OpeningCause): void {
    this.#prepare(cause)
    this.#circuit.fire().catch(() => {})
  }

  /** opossum reads the open time the moment it opens. */
  #prepare(cause: OpeningCause): void {
    this.#cause = cause
    this.#settings.resetTimeout = openTimeOf(this.#options, this.#openings, systemClock.random())
  }

  #turn(now: number): void {
    const turns = this.#window.turn(now)
    for (let turned = 0; turned < turns; turned++) this.#rotate()
  }

  #rotate(): void {
    this.#status.rotateBucket()
  }

  /** The part that opossum's types leave out: a success is only counted, some hundred times cheaper than firing it. */
  get #status(): { increment(what: 'fires'): void; rotateBucket(): void } {
    return this.#circuit.status as unknown as { increment(what: 'fires'): void; rotateBucket(): void }
  }

  #opened(): void {
    this.#openings++
    this.#newEpoch()
    if (this.#openings === 1) this.#outage = this.#epoch
    this.#reopensAt = systemClock.now() + this.#settings.resetTimeout
    this.#listener.opened(this.#settings.resetTimeout, this.#cause)
  }

  #halfOpened(): void {
    this.#newEpoch()
    this.#listener.halfOpened()
  }

  #closed(): void {
    this.#openings = 0
    this.#newEpoch()
    this.#outage = this.#epoch
    // What the window held before the outage would open the circuit again at the first failure.
    for (let turned = 0; turned < BUCKETS; turned++) this.#rotate()
    this.#window.clear()
    this.#listener.closed()
  }

  #newEpoch(): void {
    this.#epoch++
    this.#open = { epoch: this.#epoch, until: undefined }
    this.#probed = 0
    this.#leases.clear()
  }
}

/** A rate is passed by what lies above it, and nothing lies above all. */
const below = (rate: number): number => Math.min(rate, 1 - Number.EPSILON)

// Throwing at once, not by a promise, makes opossum judge a failure before the next request asks.
function fail(): Promise<void> {
  throw FAILURE
}
