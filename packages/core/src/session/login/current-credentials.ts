import { abortable } from '../../contract/clock.ts'
import type { Credentials, SessionSource } from '../../contract/session.ts'
import type { FailedLogin } from './failed-login.ts'
import { refusedLogins } from './refused-logins.ts'

/** Milliseconds between two calls of the user's `credentials`, while the present ones are known to be refused. */
const ASK_EVERY = 1_000

/** Credentials that the source has given. */
export interface GivenCredentials {
  readonly value: Credentials
  /** Login origin and user. */
  readonly account: string
  readonly digest: string
}

/** The present credentials of a source, and the refusals of them. */
export class CurrentCredentials {
  readonly #source: SessionSource
  readonly #origin: string
  #last: GivenCredentials | undefined
  #refused: GivenCredentials | undefined
  /** The digest of the credentials that were accepted last, and the time in monotonic milliseconds. */
  #accepted: { readonly digest: string; readonly at: number } | undefined
  /** Monotonic milliseconds from which on credentials may be asked for again: they may come from a vault with a rate limit. */
  #askAt = 0

  constructor(source: SessionSource, origin: string) {
    this.#source = source
    this.#origin = origin
  }

  /** True once a login with any of them has succeeded. */
  get wereAccepted(): boolean {
    return this.#accepted !== undefined
  }

  /** Login origin and user; `undefined` before the first login. */
  get account(): string | undefined {
    return this.#last?.account
  }

  /** Asks for them. @throws what the user's function throws, or the reason of a signal. */
  async ask(...signals: readonly AbortSignal[]): Promise<GivenCredentials> {
    const asked = async () => this.#source.credentials()
    const value = await abortable(asked(), ...signals)
    const given = { value, account: this.#accountOf(value), digest: digestOf(value) }
    const accepted = this.#accepted
    // If these replace accepted ones, an older refusal of these no longer counts: the password was changed back.
    if (accepted !== undefined && accepted.digest !== given.digest)
      refusedLogins.allow(given.account, given.digest, accepted.at)
    this.#last = given
    return given
  }

  /** Notes that a login with these succeeded. */
  markAccepted({ account, digest }: GivenCredentials, now: number): void {
    this.#accepted = { digest, at: now }
    refusedLogins.recordSuccess(account, digest)
  }

  /** The refusal that holds back every login, because new credentials are not asked for yet. */
  knownRefusal(now: number): FailedLogin | undefined {
    const refused = this.#refused
    if (refused === undefined || now >= this.#askAt) return undefined
    return refusedLogins.refusalFor(refused.account, refused.digest, now)
  }

  /** The refusal that holds back a login with these. Credentials are then not asked for again for some time. */
  noteRefusal(given: GivenCredentials, now: number): FailedLogin | undefined {
    const refusal = refusedLogins.refusalFor(given.account, given.digest, now)
    if (refusal === undefined) return undefined
    this.#refused = given
    this.#askAt = now + ASK_EVERY
    return refusal
  }

  /** Members that must not be shown, without public ones such as the user name, which messages need. */
  secrets(): readonly string[] {
    const { publicFields = ['username'] } = this.#source
    return Object.entries(this.#last?.value ?? {}).flatMap(([name, value]) =>
      publicFields.includes(name) || typeof value !== 'string' ? [] : [value],
    )
  }

  /** Forgets the refusals of the account, so that a login may be tried at once. */
  forgetRefusals(): void {
    this.#refused = undefined
    if (this.#last !== undefined) refusedLogins.forget(this.#last.account)
  }

  /** Milliseconds for which a refusal holds back a login with these; `Infinity` for ever, 0 for not at all. */
  blockedFor(now: number): number {
    const { account, digest } = this.#last ?? { account: '', digest: '' }
    const refusal = refusedLogins.refusalFor(account, digest, now)
    return refusal === undefined ? 0 : (refusal.retryAfter ?? Number.POSITIVE_INFINITY)
  }

  /** Forgets the credentials, which are no longer used. */
  forget(): void {
    this.#last = undefined
    this.#refused = undefined
    this.#accepted = undefined
  }

  #accountOf(value: Credentials): string {
    const { publicFields = ['username'], accountOf } = this.#source
    const user = accountOf?.(value) ?? publicFields.flatMap((name) => value[name] ?? []).join(' ')
    return `${this.#origin} ${user}`
  }
}

/** Random for each process, so that a digest says nothing outside it. Made late: workerd has no randomness while modules load. */
let salts: Uint32Array | undefined

/**
 * A salted digest of credentials, by which equal credentials are recognized without keeping a password. It does not protect a
 * password from somebody who reads this process's memory.
 */
function digestOf(credentials: Credentials): string {
  const text = JSON.stringify(Object.entries(credentials).sort(([one], [other]) => (one < other ? -1 : 1)))
  salts ??= crypto.getRandomValues(new Uint32Array(2))
  return [...salts].map((salt) => hash(text, salt)).join('-')
}

/** FNV-1a over UTF-16 code units, with a salt. */
function hash(text: string, salt: number): number {
  let bits = salt
  for (let at = 0; at < text.length; at++) bits = Math.imul(bits ^ text.charCodeAt(at), 16_777_619)
  return (bits ^ (bits >>> 15)) >>> 0
}
