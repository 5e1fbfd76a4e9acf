import type { Admission } from '../admit/admission.ts'
import type { CircuitListener } from '../admit/breaker.ts'
import type { OpeningCause, ResilienceEvent } from '../contract/event.ts'

/** Passes the changes of one key's circuit on, to its admission and to all observers. */
export class CircuitEvents implements CircuitListener {
  /** Set once there is one. */
  admission: Admission | undefined
  readonly #key: string
  readonly #state: { emit(event: ResilienceEvent): void }

  constructor(key: string, state: { emit(event: ResilienceEvent): void }) {
    this.#key = key
    this.#state = state
  }

  opened(openTime: number, cause: OpeningCause): void {
    this.#state.emit({ type: 'circuit-opened', key: this.#key, openTime, cause })
  }

  halfOpened(): void {
    this.admission?.serve()
    this.#state.emit({ type: 'circuit-half-opened', key: this.#key })
  }

  closed(): void {
    this.admission?.restart()
    this.#state.emit({ type: 'circuit-closed', key: this.#key })
  }
}
