import type { Clock } from '../contract/clock.ts'
import type { SessionSource } from '../contract/session.ts'
import { Account } from '../session/account.ts'
import type { SessionCache } from '../session/session-cache.ts'

/** The sessions of a state, by source and origin and by account, and the clients that use them. */
export class SessionRegistry {
  readonly #caches = new Map<SessionSource, Map<string, SessionCache>>()
  /** Kept for the secrets that their clients may still be told, and only as long as the source itself. */
  readonly #closed = new WeakMap<SessionSource, readonly SessionCache[]>()
  readonly #accounts = new Map<string, Account>()
  readonly #clients = new Map<SessionSource, Set<WeakRef<object>>>()

  /** The sessions of a source at an origin, made if need be. They are not kept where all clients of it are closed. */
  cache(source: SessionSource, origin: string, make: () => SessionCache): SessionCache {
    let byOrigin = this.#caches.get(source)
    // Nobody would forget them again.
    if (byOrigin === undefined && !this.#clients.has(source)) return make()
    if (byOrigin === undefined) {
      byOrigin = new Map()
      this.#caches.set(source, byOrigin)
    }
    let cache = byOrigin.get(origin)
    if (cache === undefined) {
      cache = make()
      byOrigin.set(origin, cache)
    }
    return cache
  }

  /** The account of that key, made if need be. It is kept until its last user has gone. */
  account(key: string, clock: Clock): Account {
    let account = this.#accounts.get(key)
    if (account === undefined) {
      const made = new Account(clock, () => {
        if (this.#accounts.get(key) === made) this.#accounts.delete(key)
      })
      account = made
      this.#accounts.set(key, made)
    }
    return account
  }

  all(): readonly SessionCache[] {
    return [...this.#caches.keys()].flatMap((source) => this.#cachesOf(source))
  }

  /** Every string of a source's sessions that must not be shown, also after they were closed. */
  secretsOf(source: SessionSource): readonly string[] {
    return [...this.#cachesOf(source), ...(this.#closed.get(source) ?? [])].flatMap((cache) => cache.secrets())
  }

  /** A client uses the sessions of a source, until it closes or is gone. */
  addClient(source: SessionSource, client: object): void {
    for (const known of this.#clients.keys()) if (this.#usersOf(known).size === 0) this.#forget(known)
    const users = this.#usersOf(source)
    users.add(new WeakRef(client))
    this.#clients.set(source, users)
  }

  /** Ends the sessions of a source, unless another client still uses them. */
  async close(source: SessionSource, client: object, signal: AbortSignal): Promise<void> {
    const users = this.#usersOf(source)
    for (const user of users) if (user.deref() === client) users.delete(user)
    if (users.size > 0) return
    const caches = this.#cachesOf(source)
    this.#forget(source)
    this.#closed.set(source, caches)
    await Promise.all(caches.map((cache) => cache.close(signal)))
  }

  #cachesOf(source: SessionSource): readonly SessionCache[] {
    return [...(this.#caches.get(source)?.values() ?? [])]
  }

  #usersOf(source: SessionSource): Set<WeakRef<object>> {
    const users = this.#clients.get(source) ?? new Set()
    for (const user of users) if (user.deref() === undefined) users.delete(user)
    return users
  }

  #forget(source: SessionSource): void {
    this.#clients.delete(source)
    this.#caches.delete(source)
  }
}
