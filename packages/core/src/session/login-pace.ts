import { FailedLogin } from './failed-login.ts'

/** Milliseconds for which a login that failed for want of the service is not repeated: doubles with each in a row. */
const FIRST = 1_000
const LONGEST = 60_000
/** Longest time that a server's word holds logins back, in milliseconds. */
const DAY = 86_400_000

/** The pace of logins that fail though nobody refused them: no answer, a vault that is closed. */
export class LoginPace {
  #last: { readonly error: unknown; readonly until: number } | undefined
  #inRow = 0

  /** The failure that holds back the next login. */
  hold(now: number): FailedLogin | undefined {
    const last = this.#last
    return last === undefined || now >= last.until ? undefined : new FailedLogin(last.error, last.until - now)
  }

  /** Remembers a failure, for at least as long as the server asked. */
  record(error: unknown, asked: number | undefined, now: number): FailedLogin {
    const ms = Math.max(Math.min(asked ?? 0, DAY), Math.min(LONGEST, FIRST * 2 ** Math.min(this.#inRow, 20)))
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
