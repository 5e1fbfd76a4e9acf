import type CircuitBreaker from 'opossum'
import { systemClock } from '../../contract/clock.ts'
import type { OpeningCause } from '../../contract/event.ts'
import type { BreakerOptions } from '../../contract/policy.ts'
import { BYPASS, type Permit } from '../permit.ts'
import { makeCircuit } from './make-circuit.ts'
import { ProbeLeases } from './probe-leases.ts'
import type { Window } from './window.ts'

/** Told of the changes of a circuit. */
export interface CircuitListener {
  opened(openTime: number, cause: OpeningCause): void
  halfOpened(): void
  /** @param isReset true if a call of `reset` closed it, not an answer. */
  closed(isReset: boolean): void
}

/** The result of an attempt for the circuit. `neutral` does not count. */
export type Health = 'success' | 'failure' | 'neutral'

/**
 * The circuit of one key.
 *
 * opossum holds the states and the open timer, and opens at the failure rate. It never wraps a request, because refusals and aborted calls
 * would count as calls. It is given results afterwards, and probes are counted here.
 */
export class Circuit {
  readonly #options: Required<BreakerOptions>
  readonly #listener: CircuitListener
  readonly #window: Window
  readonly #circuit: CircuitBreaker<[], void>
  readonly #settings: { resetTimeout: number }
  readonly #leases: ProbeLeases
  /** The epoch of the first opening since the circuit was closed. */
  #outage: number
  /** The permit of every request while the circuit is closed. It holds the present epoch. */
  #permit: Permit
  #openings = 0
  #reopensAt = 0
  #probed = 0
  #cause: OpeningCause = 'failure-rate'
  #isReset = false

  /** @param open the permit of the requests that are under way. */
  constructor(options: Required<BreakerOptions>, window: Window, listener: CircuitListener, open: Permit) {
    this.#options = options
    this.#window = window
    this.#listener = listener
    this.#permit = open
    this.#outage = open.epoch
    this.#leases = new ProbeLeases(options.probes)
    const { circuit, settings } = makeCircuit(options, window)
    this.#circuit = circuit
    this.#settings = settings
    circuit.on('open', () => this.#opened())
    circuit.on('halfOpen', () => this.#halfOpened())
    circuit.on('close', () => this.#closed())
  }

  get state(): 'closed' | 'open' | 'half-open' {
    return this.#circuit.opened ? 'open' : this.#circuit.halfOpen ? 'half-open' : 'closed'
  }

  /** The permit of a request that is sent now, whatever the state of the circuit. */
  admit(now: number): Permit {
    if (this.#circuit.closed) return this.#permit
    if (this.admissionDelay(now) > 0) return BYPASS
    // A probe without an answer keeps its place for as long as the circuit would be open.
    return this.#leases.take(this.#permit.epoch, this.#settings.resetTimeout, now)
  }

  /** Milliseconds after which to ask for a permit again; 0 if one is available. Takes none. */
  admissionDelay(now: number): number {
    return this.#circuit.halfOpen ? this.#leases.delay(this.#probed, now) : this.probeDelay(now)
  }

  /** Milliseconds until the first probe may go; 0 if it may go or has gone. */
  probeDelay(now: number): number {
    return this.#circuit.opened ? Math.max(1, this.#reopensAt - now) : 0
  }

  /** Takes back the place of a probe. */
  giveBack(permit: Permit): void {
    if (permit.until !== undefined) this.#leases.giveBack(permit)
  }

  /** True if the circuit has the same state as when the attempt began, or the attempt is a late probe that succeeded. */
  counts(permit: Permit, health: Health): boolean {
    // The success of a late probe counts, although others may have opened the circuit again since.
    const isLateProbe = permit.until !== undefined && permit.epoch >= this.#outage && health === 'success'
    return permit.epoch === this.#permit.epoch || isLateProbe
  }

  /** Takes the result of a probe. */
  recordProbe(health: Health): void {
    if (health === 'failure') return this.fail('probe-failed')
    this.#probed++
    // Not by firing a success: opossum would learn of it a microtask later, and until then no request would get a permit.
    if (this.#probed >= this.#options.probes) this.#circuit.close()
  }

  /** Opens it if the counts, or the state, say so: a failure was counted. */
  fail(cause: OpeningCause): void {
    this.#prepare(cause)
    this.#circuit.fire().catch(() => {})
  }

  open(cause: OpeningCause): void {
    this.#prepare(cause)
    this.#circuit.open()
  }

  /** Closes it without an answer, and sets its counts to zero. */
  reset(): void {
    if (this.#circuit.closed) return this.#forget()
    this.#isReset = true
    this.#circuit.close()
    this.#isReset = false
  }

  /** Sets the open time, which opossum reads when it opens. */
  #prepare(cause: OpeningCause): void {
    this.#cause = cause
    this.#settings.resetTimeout = openTimeOf(this.#options, this.#openings, systemClock.random())
  }

  #opened(): void {
    this.#openings++
    this.#newEpoch()
    if (this.#openings === 1) this.#outage = this.#permit.epoch
    this.#reopensAt = systemClock.now() + this.#settings.resetTimeout
    this.#listener.opened(this.#settings.resetTimeout, this.#cause)
  }

  #halfOpened(): void {
    this.#newEpoch()
    this.#listener.halfOpened()
  }

  #closed(): void {
    this.#forget()
    this.#listener.closed(this.#isReset)
  }

  #forget(): void {
    this.#openings = 0
    this.#newEpoch()
    this.#outage = this.#permit.epoch
    // The counts from before the outage would open the circuit again at the first failure.
    this.#window.clear()
  }

  #newEpoch(): void {
    this.#permit = { epoch: this.#permit.epoch + 1, until: undefined }
    this.#probed = 0
    this.#leases.clear()
  }
}

/** Growth of the open time with each opening since the circuit was closed. */
const GROWTH = 1.5
/** Largest share of the open time that is taken off at random, so that many clients do not come back together. */
const SPREAD = 0.25

/** Milliseconds for which a circuit opens that has opened `openings` times since it was closed. `chance` is from 0 to 1. */
function openTimeOf({ openTime, maxOpenTime }: Required<BreakerOptions>, openings: number, chance: number): number {
  return Math.min(maxOpenTime, openTime * GROWTH ** Math.min(openings, 60)) * (1 - SPREAD * chance)
}
