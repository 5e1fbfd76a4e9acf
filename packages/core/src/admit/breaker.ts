import type CircuitBreaker from 'opossum'
import { systemClock } from '../contract/clock.ts'
import type { OpeningCause } from '../contract/event.ts'
import type { BreakerOptions } from '../contract/policy.ts'
import { BUCKETS, below, count, makeCircuit, statusOf } from './circuit/make-circuit.ts'
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

/** The permit of every request of a circuit that has never changed its state. */
const FIRST: Permit = Object.freeze({ epoch: 0, until: undefined })

/**
 * The circuit of one key.
 *
 * opossum holds the states, the failure rate and the open timer. It never wraps a request: refusals and aborted calls
 * would count as calls. Results are told to it afterwards, and probes are counted here.
 */
export class Breaker {
  readonly #name: string
  readonly #options: Required<BreakerOptions>
  readonly #listener: CircuitListener
  readonly #window: Window
  /** Made when it might open, out of what the window has counted: most services never fail so often. */
  #circuit: CircuitBreaker<[], void> | undefined
  #settings = { resetTimeout: 0 }
  #leases: ProbeLeases | undefined
  #epoch = 0
  /** The epoch of the first opening since the circuit was closed. */
  #outage = 0
  /** The permit of every request while the circuit is closed, and the way is open. */
  #open: Permit = FIRST
  #openings = 0
  #reopensAt = 0
  #probed = 0
  #cause: OpeningCause = 'failure-rate'

  constructor(name: string, options: Required<BreakerOptions>, listener: CircuitListener, now: number) {
    this.#name = name
    this.#options = options
    this.#listener = listener
    this.#window = new Window(BUCKETS, options.window, now)
  }

  get state(): 'closed' | 'open' | 'half-open' {
    return this.#circuit?.opened ? 'open' : this.#circuit?.halfOpen ? 'half-open' : 'closed'
  }

  /** True for an attempt of that length where slow calls count. */
  isSlow(ms: number): boolean {
    return this.#options.slowCallRate !== false && ms >= this.#options.slowCallDuration
  }

  /** A place, or the milliseconds after which to ask again. */
  admit(now: number): Permit | number {
    if (this.#circuit === undefined || this.#circuit.closed) return this.#open
    if (this.#circuit.opened) return Math.max(1, this.#reopensAt - now)
    const leases = this.#places()
    const taken = leases.delay(this.#probed, now)
    // One that is late or lost keeps its place for as long as a circuit would be open.
    return taken > 0 ? taken : leases.take(this.#epoch, this.#settings.resetTimeout, now)
  }

  /** Milliseconds after which to ask for a place again; 0 where one could be had. Takes none. */
  admissionDelay(now: number): number {
    return this.#circuit?.halfOpen ? this.#places().delay(this.#probed, now) : this.probeDelay(now)
  }

  /** Milliseconds until the first probe may go; 0 where it may, or has gone: its result is not to be foretold. */
  probeDelay(now: number): number {
    return this.#circuit?.opened ? Math.max(1, this.#reopensAt - now) : 0
  }

  /** Closes the circuit, and forgets what was counted. */
  reset(): void {
    if (this.#circuit === undefined || this.#circuit.closed) this.#closed()
    else this.#circuit.close()
  }

  /** Gives a place back that nothing was sent with. */
  release(permit: Permit): void {
    this.#leases?.giveBack(permit)
  }

  /** Counts what an attempt said, if the circuit is still as it was when the attempt began. */
  record(permit: Permit, health: Health, slow: boolean, now: number): void {
    const isProbe = permit.until !== undefined
    if (isProbe) this.#leases?.giveBack(permit)
    if (health === 'neutral') return
    // The answer to a late probe is news of now: others may have opened the circuit again meanwhile.
    const isLateProbe = isProbe && permit.epoch >= this.#outage && health === 'success'
    if (permit.epoch !== this.#epoch && !isLateProbe) return
    if (this.#circuit !== undefined && !this.#circuit.closed) return this.#recordProbe(this.#circuit, health)
    this.#turn(now)
    const { slowCallRate, minimum, failureRate } = this.#options
    const isFailed = health === 'failure'
    // Where the circuit cannot open counting is enough, some hundred times cheaper than asking opossum.
    const mayOpen = isFailed && this.#window.failsFrom(below(failureRate), minimum)
    // Before this failure is counted: a new circuit takes over what the window has, and is told of this one below.
    if (mayOpen) this.#made()
    this.#window.add(slow, isFailed)
    if (mayOpen) this.#fail(this.#made(), 'failure-rate')
    else if (this.#circuit !== undefined) count(this.#circuit, isFailed)
    if (slowCallRate === false || this.#window.slowRate(minimum) <= below(slowCallRate) || !this.#made().closed) return
    this.#prepare('slow-call-rate')
    this.#made().open()
  }

  /** The circuit, made if need be. */
  #made(): CircuitBreaker<[], void> {
    if (this.#circuit !== undefined) return this.#circuit
    const { circuit, settings } = makeCircuit(this.#name, this.#options, this.#window)
    this.#settings = settings
    this.#circuit = circuit
    circuit.on('open', () => this.#opened())
    circuit.on('halfOpen', () => this.#halfOpened())
    circuit.on('close', () => this.#closed())
    return circuit
  }

  #places(): ProbeLeases {
    this.#leases ??= new ProbeLeases(this.#options.probes)
    return this.#leases
  }

  #recordProbe(circuit: CircuitBreaker<[], void>, health: Health): void {
    if (health === 'failure') return this.#fail(circuit, 'probe-failed')
    this.#probed++
    // Not by firing a success, which opossum hears of a turn later: until then nobody would get a place.
    if (this.#probed >= this.#options.probes) circuit.close()
  }

  #fail(circuit: CircuitBreaker<[], void>, cause: OpeningCause): void {
    this.#prepare(cause)
    circuit.fire().catch(() => {})
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
    if (this.#circuit !== undefined) statusOf(this.#circuit).rotateBucket()
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
    this.#leases?.clear()
  }
}
