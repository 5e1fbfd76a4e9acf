import { randomBytes } from 'node:crypto'
import type { Account } from './account.ts'
import { tooManySessions, unauthenticated } from './problem.ts'
import type { Result } from './surface.ts'

/** The most sessions, and the time after which an unused one ends. */
export interface SessionLimits {
  readonly maxSessions: number
  /** Milliseconds. */
  readonly idleTimeout: number
}

interface LiveSession {
  readonly created: number
  lastUsed: number
}

/** Logins, logouts and sessions. */
export interface Sessions {
  /** Logins that were granted. */
  readonly logins: number
  /** Logins that were refused, for whatever reason. */
  readonly refusedLogins: number
  readonly live: number
  open(authorization: string | null): Result
  /** True for a live session; this use extends it. */
  touch(token: string | null): boolean
  about(token: string | null): Result
  close(token: string | null): Result
  expireAll(): void
}

/** Starts without sessions. */
export function createSessions(account: Account, limits: SessionLimits): Sessions {
  const sessions = new Map<string, LiveSession>()
  let logins = 0
  let refusedLogins = 0

  function dropIdle(): void {
    for (const [token, { lastUsed }] of sessions) {
      if (Date.now() - lastUsed >= limits.idleTimeout) sessions.delete(token)
    }
  }

  function find(token: string | null): LiveSession | undefined {
    dropIdle()
    return token === null ? undefined : sessions.get(token)
  }

  function login(authorization: string | null): Result {
    dropIdle()
    if (!account.accepts(authorization)) return { problem: unauthenticated }
    if (sessions.size >= limits.maxSessions) return { problem: tooManySessions(limits.maxSessions, account.username) }
    const token = randomBytes(16).toString('hex')
    sessions.set(token, { created: Date.now(), lastUsed: Date.now() })
    return { value: token, created: true }
  }

  return {
    get logins() {
      return logins
    },
    get refusedLogins() {
      return refusedLogins
    },
    get live() {
      dropIdle()
      return sessions.size
    },
    open(authorization) {
      const result = login(authorization)
      if (result.problem === undefined) logins += 1
      else refusedLogins += 1
      return result
    },
    touch(token) {
      const session = find(token)
      if (session !== undefined) session.lastUsed = Date.now()
      return session !== undefined
    },
    about: (token) => about(find(token), account.username),
    close: (token) => (token !== null && sessions.delete(token) ? {} : { problem: unauthenticated }),
    expireAll: () => sessions.clear(),
  }
}

function about(session: LiveSession | undefined, user: string): Result {
  if (session === undefined) return { problem: unauthenticated }
  const { created, lastUsed } = session
  return { value: { user, created_time: iso(created), last_accessed_time: iso(lastUsed) } }
}

const iso = (ms: number) => new Date(ms).toISOString()
