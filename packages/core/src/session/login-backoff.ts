import type { Credentials } from '../contract/session.ts'

/** Milliseconds for which a refused login is not repeated: doubles with each refusal in a row. */
const REFUSED = { first: 60_000, longest: 900_000 }
/** Milliseconds for which a login that failed for want of the service is not repeated: likewise. */
const FAILED = { first: 1_000, longest: 60_000 }
/** Longest time that a server's word holds logins back, in milliseconds. */
const DAY = 86_400_000

/** Milliseconds between two askings for credentials, while those that were refused are held back. */
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

/** Memory of the logins that failed, so that an account is never locked by the calls that wait for it. */
export class LoginBackoff {
  #last: { readonly error: unknown; readonly until: number; readonly refused: Credentials | undefined } | undefined
  #failures = 0
  /** Monotonic milliseconds from which on credentials may be asked for again: they may come from a vault that counts. */
  #askAt = 0

  /** The failure that holds back a login with any credentials: they need not be asked for. */
  holdForAnyone(now: number): FailedLogin | undefined {
    const last = this.#last
    if (last === undefined || (last.refused !== undefined && now >= this.#askAt)) return undefined
    return now < last.until ? new FailedLogin(last.error, last.until - now) : undefined
  }

  /** The failure that holds back a login with these credentials. Others than those refused may try at once. */
  holdFor(credentials: Credentials, now: number): FailedLogin | undefined {
    const last = this.#last
    if (last === undefined || now >= last.until) return undefined
    if (last.refused !== undefined && !same(credentials, last.refused)) return undefined
    return new FailedLogin(last.error, last.until - now)
  }

  /** Notes that the credentials asked for are the refused ones still: they are not asked for again for a while. */
  deferAsking(now: number): void {
    this.#askAt = now + ASK_EVERY
  }

  /** Remembers a failure, for at least as long as the server asked. */
  recordFailure(error: unknown, refused: Credentials | undefined, asked: number | undefined, now: number): FailedLogin {
    const { first, longest } = refused === undefined ? FAILED : REFUSED
    const ms = Math.max(Math.min(asked ?? 0, DAY), Math.min(longest, first * 2 ** Math.min(this.#failures, 20)))
    this.#failures++
    this.#last = { error, until: now + ms, refused }
    this.#askAt = now
    return new FailedLogin(error, ms)
  }

  /** Forgets every failure: a login went well. */
  reset(): void {
    this.#last = undefined
    this.#failures = 0
  }
}

function same(one: Credentials, other: Credentials): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}
