import type { SessionSource } from '../contract/session.ts'
import type { LoginTransportFactory } from '../session/login/login-transport.ts'
import type { SessionCache } from '../session/session-cache.ts'
import type { SharedSession } from '../session/shared-session.ts'

/** Most sources that are looked at for whether their clients were collected, each time that a client is made or closed. */
const LOOKED_AT = 32

let registries = 0

/** The sessions of a state, by source and origin and by credentials, and the clients that use them. */
export class SessionRegistry {
  /** Its number, unique in this process. */
  readonly number = ++registries
  readonly #caches = new Map<SessionSource, Map<string, SessionCache>>()
  /** Closed caches, kept for their secrets, which late replies may contain, for as long as the source exists. */
  readonly #closed = new WeakMap<SessionSource, readonly SessionCache[]>()
  readonly #shared = new Map<string, SharedSession>()
  readonly #clients = new Map<SessionSource, Set<WeakRef<object>>>()

  /** The sessions of a source at an origin, if they are kept. */
  find(source: SessionSource, origin: string): SessionCache | undefined {
    return this.#caches.get(source)?.get(origin)
  }

  /** The sessions of a source at an origin, made if needed. They are not kept if all clients of the source are closed. */
  cache(source: SessionSource, origin: string, make: () => SessionCache): SessionCache {
    let byOrigin = this.#caches.get(source)
    // Nothing would drop them again.
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

  /** The session of that key, made if needed. It is kept until its last user has gone. */
  sharedSession(key: string, make: (onClosed: () => void) => SharedSession): SharedSession {
    let shared = this.#shared.get(key)
    if (shared === undefined) {
      const made = make(() => {
        if (this.#shared.get(key) === made) this.#shared.delete(key)
      })
      shared = made
      this.#shared.set(key, made)
    }
    return shared
  }

  all(): readonly SessionCache[] {
    return [...this.#caches.keys()].flatMap((source) => this.#cachesOf(source))
  }

  /** Every string of a source's sessions that must not be shown, also after they were closed. */
  secretsOf(source: SessionSource): readonly string[] {
    return [...this.#cachesOf(source), ...(this.#closed.get(source) ?? [])].flatMap((cache) => cache.secrets())
  }

  /** Notes that a client uses the sessions of a source, until it is closed or collected. */
  addClient(source: SessionSource, client: object): void {
    this.#dropGone()
    const users = this.#usersOf(source)
    users.add(new WeakRef(client))
    this.#clients.set(source, users)
  }

  /** Ends the sessions of a source, unless another client still uses them. */
  async close(
    source: SessionSource,
    client: object,
    signal: AbortSignal,
    transportAt: (origin: string) => LoginTransportFactory,
  ): Promise<void> {
    this.#dropGone()
    const users = this.#usersOf(source)
    for (const user of users) if (user.deref() === client) users.delete(user)
    if (users.size > 0) return
    const caches = this.#cachesOf(source)
    this.#forget(source)
    this.#closed.set(source, caches)
    await Promise.all(caches.map((cache) => cache.close(signal, transportAt(cache.origin))))
  }

  /** Drops the sessions whose clients were all collected. It looks at a few in turn: with many, all would take long. */
  #dropGone(): void {
    let left = Math.min(LOOKED_AT, this.#clients.size)
    for (const source of this.#clients.keys()) {
      if (left-- === 0) return
      const users = this.#usersOf(source)
      // Put last, so that its turn comes again after all others.
      this.#clients.delete(source)
      if (users.size > 0) {
        this.#clients.set(source, users)
        continue
      }
      for (const cache of this.#cachesOf(source)) cache.drop()
      this.#forget(source)
    }
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
