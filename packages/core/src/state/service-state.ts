import { Admission } from '../admit/admission.ts'
import { Breaker } from '../admit/breaker/breaker.ts'
import type { CircuitListener } from '../admit/breaker/circuit.ts'
import type { LimitListener } from '../admit/guards.ts'
import type { OpeningCause, ResilienceEvent } from '../contract/event.ts'
import { ReloginCooldown } from '../session/relogin-cooldown.ts'
import { filled, type StateOptions } from './state-options.ts'

/** The name of a service, as it is kept and shown. */
export interface KeptName {
  readonly vendor: string
  readonly origin: string
  /** The scope, with a number for the user's part, which may be a credential. */
  readonly shown: string
}

/** The limit of a service, as an event tells it. */
type ShownLimit = Parameters<LimitListener['limitChanged']>[0]

/** Everything that is kept for one service at one origin. There may be thousands, so that parts which few need are made on demand. */
export class ServiceState implements CircuitListener, LimitListener {
  readonly vendor: string
  readonly origin: string
  /** See {@link KeptName}. */
  readonly shown: string
  readonly admission: Admission
  /** True once it has accepted a session. */
  hasTakenSession = false
  /** Monotonic milliseconds, whole, because V8 allocates memory for any other number. */
  #usedAt = 0
  /** Calls with an attempt under way or waiting for a retry. */
  activeCalls = 0
  readonly #state: { emit(event: ResilienceEvent): void }
  #id: string | undefined
  #reloginCooldown: ReloginCooldown | undefined

  /** @param state gets its events. */
  constructor(
    { vendor, origin, shown }: KeptName,
    options: StateOptions,
    state: { emit(event: ResilienceEvent): void },
    now: number,
  ) {
    this.vendor = vendor
    this.origin = origin
    this.shown = shown
    this.#state = state
    this.use(now)
    const { breaker, budget, pause, ...guards } = filled(options)
    this.admission = new Admission({
      ...guards,
      breaker: breaker && new Breaker(breaker, this, now),
      budget,
      pause,
      listener: this,
    })
  }

  get usedAt(): number {
    return this.#usedAt
  }

  /** Notes that a call uses it. */
  use(now: number): void {
    this.#usedAt = Math.trunc(now)
  }

  /** `vendor origin scope`. */
  get id(): string {
    this.#id ??= `${this.vendor} ${this.origin} ${this.shown}`
    return this.#id
  }

  get reloginCooldown(): ReloginCooldown {
    this.#reloginCooldown ??= new ReloginCooldown()
    return this.#reloginCooldown
  }

  opened(openTime: number, cause: OpeningCause): void {
    this.#state.emit({ type: 'circuit-opened', key: this.id, openTime, cause })
  }

  halfOpened(): void {
    this.admission.serve()
    this.#state.emit({ type: 'circuit-half-opened', key: this.id })
  }

  closed(isReset: boolean): void {
    // After a reset there is no limit.
    if (!isReset) this.admission.restart()
    this.#state.emit({ type: 'circuit-closed', key: this.id })
  }

  limitChanged(limit: ShownLimit): void {
    this.#state.emit(
      limit === undefined
        ? { type: 'limit-ended', key: this.id }
        : { type: 'limit-began', key: this.id, limit: limit.window, rate: limit.rate },
    )
  }
}
