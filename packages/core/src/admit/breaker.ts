import type { BreakerOptions } from '../contract/policy.ts'
import { Circuit, type CircuitListener, type Health } from './circuit/circuit.ts'
import { below } from './circuit/make-circuit.ts'
import type { Permit } from './permit.ts'
import { Window } from './window.ts'

/** The permit of every request of a key whose circuit has never changed its state. */
const FIRST: Permit = Object.freeze({ epoch: 0, until: undefined })

/**
 * The circuit breaker of one key. It counts what attempts have said, and makes the circuit when that might open: most services
 * never fail so often, and opossum's own counting is some hundred times dearer.
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

  /** True for an attempt of that length where slow calls count. */
  isSlow(ms: number): boolean {
    return this.#options.slowCallRate !== false && ms >= this.#options.slowCallDuration
  }

  /** The permit of a request that goes now, be there a place for it or not. */
  admit(now: number): Permit {
    return this.#circuit === undefined ? this.#first : this.#circuit.admit(now)
  }

  /** Milliseconds after which to ask for a place again; 0 if one could be had. Takes none. */
  admissionDelay(now: number): number {
    return this.#circuit === undefined ? 0 : this.#circuit.admissionDelay(now)
  }

  /** Milliseconds until the first probe may go; 0 if it may, or has gone: its result is not to be foretold. */
  probeDelay(now: number): number {
    return this.#circuit === undefined ? 0 : this.#circuit.probeDelay(now)
  }

  /** Closes the circuit, and forgets what was counted. */
  reset(): void {
    if (this.#circuit !== undefined) return this.#circuit.reset()
    this.#first = { epoch: this.#first.epoch + 1, until: undefined }
    this.#window.clear()
  }

  /** Gives a place back that nothing was sent with. */
  release(permit: Permit): void {
    this.#circuit?.giveBack(permit)
  }

  /** Counts what an attempt said, if the circuit is still as it was when the attempt began. */
  record(permit: Permit, health: Health, slow: boolean, now: number): void {
    const circuit = this.#circuit
    circuit?.giveBack(permit)
    if (health === 'neutral') return
    if (circuit === undefined ? permit.epoch !== this.#first.epoch : !circuit.counts(permit, health)) return
    if (circuit !== undefined && circuit.state !== 'closed') return circuit.recordProbe(health)
    const buckets = this.#window.advance(now)
    if (buckets > 0) circuit?.advance(buckets)
    this.#count(health === 'failure', slow)
  }

  #count(isFailed: boolean, isSlow: boolean): void {
    const { slowCallRate, minimum, failureRate } = this.#options
    const mayOpen = isFailed && this.#window.failsFrom(below(failureRate), minimum)
    // Before this failure is counted: a new circuit takes over what the window has, and is told of this one below.
    const circuit = mayOpen ? this.#ensureCircuit() : this.#circuit
    this.#window.add(isSlow, isFailed)
    if (mayOpen) circuit?.fail('failure-rate')
    else circuit?.count(isFailed)
    if (slowCallRate === false || this.#window.slowRate(minimum) <= below(slowCallRate)) return
    if (this.#ensureCircuit().state === 'closed') this.#ensureCircuit().open('slow-call-rate')
  }

  /** The circuit, made if needed. */
  #ensureCircuit(): Circuit {
    this.#circuit ??= new Circuit(this.#options, this.#window, this.#listener, this.#first)
    return this.#circuit
  }
}
