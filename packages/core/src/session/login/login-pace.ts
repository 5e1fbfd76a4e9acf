import { FailedLogin } from './failed-login.ts'
import { atLeast, Doubling } from './pace.ts'

/** The pace of logins that failed without a refusal of the credentials: no answer, or no credentials from a vault. */
export class LoginPace {
  readonly #wait = new Doubling({ first: 1_000, longest: 20_000 })
  #error: unknown

  /** The failure that holds back the next login. */
  failure(now: number): FailedLogin | undefined {
    const ms = this.#wait.remaining(now)
    return ms === 0 ? undefined : new FailedLogin(this.#error, ms)
  }

  /**
   * Remembers a failure, for at least as long as the server asked. Jitter goes from half of the time to one and a half: clients whose
   * logins failed together would otherwise all come back together, and be refused together.
   */
  record(error: unknown, asked: number | undefined, now: number, random: number): FailedLogin {
    this.#error = error
    return new FailedLogin(
      error,
      this.#wait.start(now, (ms) => atLeast(asked, ms / 2) + ms * random),
    )
  }

  /** Forgets every failure, because a login succeeded. */
  reset(): void {
    this.#wait.reset()
    this.#error = undefined
  }
}
