import { systemClock } from '../../contract/clock.ts'

/** Milliseconds after its deadline at which a login is aborted: the time-out of its attempt comes first, and says more. */
const GRACE = 100

/** The time limit of one login, from asking for credentials to the end of the reply. Stopped while it waits for another login. */
export class LoginTime {
  /** Monotonic milliseconds. */
  deadlineAt = 0
  /** Milliseconds after which another login with the same limit has certainly been aborted. */
  readonly longest: number
  readonly #controller = new AbortController()
  #left: number
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ms: number) {
    this.longest = ms + 2 * GRACE
    this.#left = ms
    this.run()
  }

  /** Aborts when the time is up. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Continues the time. */
  run(): void {
    this.deadlineAt = systemClock.now() + this.#left
    const late = () => this.abort(new DOMException('The login took too long.', 'TimeoutError'))
    this.#timer = setTimeout(late, this.#left + GRACE)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#left = this.deadlineAt - systemClock.now()
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason)
  }
}
