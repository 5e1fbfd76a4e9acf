import type { Credentials } from '../contract/session.ts'

/** How long a refused login is not repeated: doubles with each refusal in a row. */
const REFUSED = { first: 60_000, longest: 900_000 }
/** How long a login that failed for want of the service is not repeated: likewise. */
const FAILED = { first: 1_000, longest: 60_000 }
/** No word of a server's holds logins back for longer than a day. */
const DAY = 86_400_000

/** How often credentials are asked for while those that were refused are held back. */
const ASK_EVERY = 1_000

/** A login that failed, now or a while ago, and is not tried again before `retryAfter` milliseconds have passed. */
export class FailedLogin {
  readonly error: unknown
  readonly retryAfter: number

  constructor(error: unknown, retryAfter: number) {
    this.error = error
    this.retryAfter = retryAfter
  }
}

/** What is known of logins that failed, so that an account is never locked by the calls that wait for it. */
export class LoginMemory {
  #last: { readonly error: unknown; readonly until: number; readonly refused: Credentials | undefined } | undefined
  #failures = 0
  /** When somebody may be asked for credentials again: they may come from a vault that counts. */
  #askAt = 0

  /** The failure that stands in the way of a login now, whoever's it would be: nobody need be asked for credentials. */
  heldBackUnasked(now: number): FailedLogin | undefined {
    const last = this.#last
    if (last === undefined || (last.refused !== undefined && now >= this.#askAt)) return undefined
    return now < last.until ? new FailedLogin(last.error, last.until - now) : undefined
  }

  /** The failure that stands in the way of these credentials. Those that were not refused themselves may try at once. */
  heldBack(credentials: Credentials, now: number): FailedLogin | undefined {
    const last = this.#last
    if (last === undefined || now >= last.until) return undefined
    if (last.refused !== undefined && !same(credentials, last.refused)) return undefined
    this.#askAt = now + ASK_EVERY
    return new FailedLogin(last.error, last.until - now)
  }

  /** Remembers a failure, for at least as long as the server asked. */
  remember(error: unknown, refused: Credentials | undefined, asked: number | undefined, now: number): FailedLogin {
    const { first, longest } = refused === undefined ? FAILED : REFUSED
    const ms = Math.max(Math.min(asked ?? 0, DAY), Math.min(longest, first * 2 ** Math.min(this.#failures, 20)))
    this.#failures++
    this.#last = { error, until: now + ms, refused }
    this.#askAt = now
    return new FailedLogin(error, ms)
  }

  /** A login went well. */
  forget(): void {
    this.#last = undefined
    this.#failures = 0
  }
}

function same(one: Credentials, other: Credentials): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}
