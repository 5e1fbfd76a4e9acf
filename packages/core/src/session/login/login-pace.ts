import { isDue } from '../../contract/clock.ts'
import { FailedLogin } from './failed-login.ts'
import { atLeast, doubled } from './pace.ts'

/** Milliseconds for which a login that failed for want of the service is not repeated: doubles with each in a row. */
const PACE = { first: 1_000, longest: 60_000 }

/** The pace of logins that fail though nobody refused them: no answer, a vault that is closed. */
export class LoginPace {
  #last: { readonly error: unknown; readonly until: number } | undefined
  #inRow = 0

  /** The failure that holds back the next login. */
  failure(now: number): FailedLogin | undefined {
    const last = this.#last
    return last === undefined || isDue(last.until, now) ? undefined : new FailedLogin(last.error, last.until - now)
  }

  /** Remembers a failure, for at least as long as the server asked. */
  record(error: unknown, asked: number | undefined, now: number): FailedLogin {
    const ms = atLeast(asked, doubled(PACE, this.#inRow))
    this.#inRow++
    this.#last = { error, until: now + ms }
    return new FailedLogin(error, ms)
  }

  /** Forgets every failure: a login was answered. */
  reset(): void {
    this.#last = undefined
    this.#inRow = 0
  }
}
