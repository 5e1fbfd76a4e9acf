import { systemClock } from '../../contract/clock.ts'

/** Milliseconds after its deadline at which a login is given up: the time limit of its attempt comes first, and says more. */
const GRACE = 100

/** The time of one login, from asking for credentials to the end of the reply. It stops while another login is waited for. */
export class LoginTime {
  /** Monotonic milliseconds. */
  deadlineAt = 0
  /** Milliseconds after which another login with as much time has surely been given up. */
  readonly longest: number
  readonly #controller = new AbortController()
  #left: number
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ms: number) {
    this.longest = ms + 2 * GRACE
    this.#left = ms
    this.run()
  }

  /** Aborts when it is up. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Lets the time run on. */
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
