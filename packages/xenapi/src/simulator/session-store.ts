import type { Database } from './database.ts'
import { newRef, sessionRecord } from './records.ts'

/** The owner of the session. */
export interface SessionOwner {
  /** Reference of the host that issued it. */
  readonly host: string
  readonly user: string
  readonly originator: string
}

/** The most sessions, and the time after which an unused one ends. */
export interface SessionLimits {
  readonly maxSessions: number
  readonly maxSessionsPerGroup: number
  /** Milliseconds. */
  readonly idleTimeout: number
}

/** The live sessions. */
export interface SessionStore {
  readonly live: number
  has(session: string): boolean
  /** Extends a session. */
  touch(session: string): void
  /** Never fails because there are too many: the oldest one of the same group ends instead. */
  add(owner: SessionOwner): string
  end(session: string): void
  endAll(): void
}

/** Starts with none. */
export function createSessionStore(limits: SessionLimits, database: Database): SessionStore {
  /** The time of each one's last use; the one unused for longest comes first. */
  const used = new Map<string, number>()

  const touch = (session: string) => {
    used.delete(session)
    used.set(session, Date.now())
  }
  const end = (session: string) => {
    used.delete(session)
    if (database.has('session', session)) database.remove('session', session)
  }
  const dropIdle = () => {
    for (const [session, at] of used) if (Date.now() - at >= limits.idleTimeout) end(session)
  }
  const groupOf = ({ user, originator }: SessionOwner) =>
    [...used.keys()].filter((session) => {
      const record = database.get('session', session)
      return record.auth_user_name === user && (user !== 'root' || record.originator === originator)
    })

  return {
    get live() {
      dropIdle()
      return used.size
    },
    has(session) {
      dropIdle()
      return used.has(session)
    },
    touch,
    add(owner) {
      dropIdle()
      const group = groupOf(owner)
      for (const session of group.slice(0, Math.max(0, group.length + 1 - limitOf(limits, owner)))) end(session)
      const session = newRef()
      database.add('session', session, sessionRecord(owner))
      touch(session)
      return session
    },
    end,
    endAll() {
      for (const session of [...used.keys()]) end(session)
    },
  }
}

/** All logins of root that name no originator are one group, and a smaller one. */
const limitOf = ({ maxSessions, maxSessionsPerGroup }: SessionLimits, { user, originator }: SessionOwner) =>
  user === 'root' && originator === '' ? maxSessions : maxSessionsPerGroup
