import type { BreakerOptions } from '../../contract/policy.ts'
import type { Permit } from '../permit.ts'
import { Circuit, type CircuitListener, type Health } from './circuit.ts'
import { below } from './make-circuit.ts'
import { Window } from './window.ts'

/** The permit of every request of a key whose circuit has never changed its state. */
const FIRST: Permit = Object.freeze({ epoch: 0, until: undefined })

/**
 * The circuit breaker of one key. It counts the results of attempts, and makes the opossum circuit only when it might open: most
 * services never fail so often, and a circuit is six times as large as all else that is kept of a service.
 */
export class Breaker {
  readonly #options: Required<BreakerOptions>
  readonly #listener: CircuitListener
  readonly #window: Window
  #circuit: Circuit | undefined
  /** The permit of every request until there is a circuit. */
  #first = FIRST

  constructor(options: Required<BreakerOptions>, listener: CircuitListener, now: number) {
    this.#options = options
    this.#listener = listener
    this.#window = new Window(options.window, now)
  }

  get state(): 'closed' | 'open' | 'half-open' {
    return this.#circuit?.state ?? 'closed'
  }

  /** True if slow calls count and an attempt of that length is one. */
  isSlow(ms: number): boolean {
    return this.#options.slowCallRate !== false && ms >= this.#options.slowCallDuration
  }

  /** The permit of a request that is sent now, whatever the state of the circuit. */
  admit(now: number): Permit {
    return this.#circuit === undefined ? this.#first : this.#circuit.admit(now)
  }

  /** Milliseconds after which to ask for a permit again; 0 if one is available. Takes none. */
  admissionDelay(now: number): number {
    return this.#circuit === undefined ? 0 : this.#circuit.admissionDelay(now)
  }

  /** Milliseconds until the first probe may go; 0 if it may go or has gone, because its result cannot be predicted. */
  probeDelay(now: number): number {
    return this.#circuit === undefined ? 0 : this.#circuit.probeDelay(now)
  }

  /** Closes the circuit, and sets the counts to zero. */
  reset(): void {
    if (this.#circuit !== undefined) return this.#circuit.reset()
    this.#first = { epoch: this.#first.epoch + 1, until: undefined }
    this.#window.clear()
  }

  /** Gives back a permit with which nothing was sent. */
  release(permit: Permit): void {
    this.#circuit?.giveBack(permit)
  }

  /** Counts the result of an attempt, if the circuit has the same state as when the attempt began. */
  record(permit: Permit, health: Health, slow: boolean, now: number): void {
    const circuit = this.#circuit
    circuit?.giveBack(permit)
    if (health === 'neutral') return
    if (circuit === undefined ? permit.epoch !== this.#first.epoch : !circuit.counts(permit, health)) return
    if (circuit !== undefined && circuit.state !== 'closed') return circuit.recordProbe(health)
    this.#count(health === 'failure', slow, now)
  }

  #count(isFailed: boolean, isSlow: boolean, now: number): void {
    const { slowCallRate, minimum, failureRate } = this.#options
    this.#window.add(isFailed, isSlow, now)
    if (!isFailed && slowCallRate === false) return
    const { calls, failed, slow } = this.#window.sum()
    if (isFailed && failed >= below(failureRate) * Math.max(minimum, calls)) this.#ensureCircuit().fail('failure-rate')
    if (slowCallRate === false || calls < minimum || slow / calls <= below(slowCallRate)) return
    if (this.#ensureCircuit().state === 'closed') this.#ensureCircuit().open('slow-call-rate')
  }

  /** The circuit, which is made if needed. */
  #ensureCircuit(): Circuit {
    this.#circuit ??= new Circuit(this.#options, this.#window, this.#listener, this.#first)
    return this.#circuit
  }
}
