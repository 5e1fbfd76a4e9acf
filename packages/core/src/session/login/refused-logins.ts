import { isDue } from '../../contract/clock.ts'
import { FailedLogin } from './failed-login.ts'
import { loginTurns } from './login-turns.ts'
import { atLeast, doubled } from './pace.ts'

/** Milliseconds for which a refused login is not repeated, which double with each refusal in a row. */
const PACE = { first: 60_000, longest: 900_000 }
/** Refusals in a row after which no login of an account is repeated, if its server may count them for ever. */
const MOST = 2
/** Most accounts that are remembered, and most refused credentials of each. */
const ACCOUNTS = 1_000
const CREDENTIALS = 16

/** A login that was refused. */
export interface Refusal {
  /** Its login origin and user. */
  readonly account: string
  /** The digest of its credentials. */
  readonly credentials: string
  readonly error: unknown
  /** Milliseconds that the server asked to wait. */
  readonly asked: number | undefined
  /** True if the server's count of refused logins goes down with time. */
  readonly decays: boolean
}

/** The refused logins of one account. */
interface Refusals {
  /** Refusals since the last login that succeeded. */
  inRow: number
  /** By the digest of the credentials. */
  readonly blocked: Map<string, Blocked>
}

interface Blocked {
  readonly error: unknown
  /** Monotonic milliseconds of the last refusal. */
  readonly at: number
  until: number
  /** Refusals of these credentials. */
  readonly times: number
}

/**
 * The refused logins by account. They are remembered so that no account is locked by the calls that wait for a login. An account
 * belongs to the server, so all clients of the process share this.
 */
export class RefusedLogins {
  readonly #accounts = new Map<string, Refusals>()

  /** The refusal that holds back a login with these credentials. Others may try at once. */
  refusalFor(account: string, credentials: string, now: number): FailedLogin | undefined {
    const refusal = this.#accounts.get(account)?.blocked.get(credentials)
    if (refusal === undefined || isDue(refusal.until, now)) return undefined
    return new FailedLogin(refusal.error, finite(refusal.until - now))
  }

  /** Remembers a refusal, for at least as long as the server asked. */
  record({ account, credentials, error, asked, decays }: Refusal, now: number): FailedLogin {
    const known = this.#accounts.get(account) ?? { inRow: 0, blocked: new Map() }
    releaseFrames(error)
    known.inRow++
    const times = 1 + (known.blocked.get(credentials)?.times ?? 0)
    // The server counts the refusals of the user, whatever the password.
    const isFull = !decays && known.inRow >= MOST
    if (isFull) for (const one of known.blocked.values()) one.until = Number.POSITIVE_INFINITY
    const isRepeated = decays || (!isFull && times < MOST)
    const ms = atLeast(asked, isRepeated ? doubled(PACE, known.inRow - 1) : Number.POSITIVE_INFINITY)
    putLast(known.blocked, credentials, { error, at: now, until: now + ms, times }, CREDENTIALS)
    putLast(this.#accounts, account, known, ACCOUNTS)
    return new FailedLogin(error, finite(ms))
  }

  /** Notes that a login with these credentials succeeded, which resets the server's count. */
  recordSuccess(account: string, credentials: string): void {
    const known = this.#accounts.get(account)
    if (known === undefined) return
    known.inRow = 0
    this.allow(account, credentials, Number.POSITIVE_INFINITY)
  }

  /** Lets a login with these credentials be tried at once, if their last refusal was before `from`. */
  allow(account: string, credentials: string, from: number): void {
    const known = this.#accounts.get(account)
    if (known === undefined || (known.blocked.get(credentials)?.at ?? 0) >= from) return
    known.blocked.delete(credentials)
    if (known.blocked.size === 0) this.#accounts.delete(account)
  }

  /** Forgets the refusals of an account, or of all. */
  forget(account?: string): void {
    if (account === undefined) this.#accounts.clear()
    else this.#accounts.delete(account)
  }
}

/** The refused logins of this process. */
export const refusedLogins = new RefusedLogins()

/** Forgets the refused logins of this process and its login turns: for tests that use the same account. */
export function forgetRefusedLogins(): void {
  refusedLogins.forget()
  loginTurns.forget()
}

/** Reads the stack of an error. Until that is read, the error holds the functions in which it was made, and so a client. */
function releaseFrames(error: unknown): void {
  for (let at = error; at instanceof Error; at = at.cause) String(at.stack)
}

const finite = (ms: number): number | undefined => (ms === Number.POSITIVE_INFINITY ? undefined : ms)

/** Puts an entry last, and drops the first if there are too many. */
function putLast<V>(entries: Map<string, V>, key: string, value: V, most: number): void {
  entries.delete(key)
  entries.set(key, value)
  const [first] = entries.keys()
  if (entries.size > most && first !== undefined) entries.delete(first)
}
