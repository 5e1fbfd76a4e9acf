import type { Database } from './database.ts'
import type { Host, Hosts } from './hosts.ts'
import type { Settings } from './options.ts'
import { newRef } from './records.ts'
import { refuse } from './refusal.ts'
import { createSessionStore } from './session-store.ts'

/** The owner of a future session. */
export interface Login {
  readonly user: string
  readonly password: string
  readonly originator: string
}

/** Logins, logouts and sessions. */
export interface Sessions {
  /** Logins that were granted. */
  readonly logins: number
  /** Logins that were refused, for whatever reason. */
  readonly refusedLogins: number
  readonly live: number
  /** True for the one user with the right password. */
  accepts(user: string, password: string): boolean
  has(session: string): boolean
  open(host: Host, login: Login): string
  /** A session for calls to this host alone, issued in emergency mode, too. */
  openLocal(host: Host, login: Login): string
  /** Refuses unless the session is valid for an ordinary call to this host, and extends it. */
  check(host: Host, session: string): void
  close(host: Host, session: string): void
  /** Ends every session of the pool. */
  lose(): void
}

/** The parts that sessions need. */
export interface SessionParts {
  readonly settings: Settings
  readonly database: Database
  readonly hosts: Hosts
}

/** Starts without sessions. */
export function createSessions({ settings, database, hosts }: SessionParts): Sessions {
  const store = createSessionStore(settings, database)
  const count = { granted: 0, refused: 0 }
  const accepts = (user: string, password: string) => user === settings.username && password === settings.password

  const authenticate = ({ user, password }: Login) => {
    if (!accepts(user, password)) refuse('SESSION_AUTHENTICATION_FAILED', user, 'Authentication failure')
  }

  return {
    get logins() {
      return count.granted
    },
    get refusedLogins() {
      return count.refused
    },
    get live() {
      return store.live
    },
    accepts,
    has: store.has,
    open: (host, login) =>
      counted(count, () => {
        // Before the password is checked.
        assertMaster(hosts, host)
        authenticate(login)
        return store.add({ host: host.ref, user: login.user, originator: login.originator })
      }),
    openLocal: (host, login) =>
      counted(count, () => {
        authenticate(login)
        const session = newRef()
        host.localSessions.add(session)
        return session
      }),
    check(host, session) {
      if (!store.has(session)) refuse('SESSION_INVALID', session)
      assertMaster(hosts, host)
      store.touch(session)
    },
    close(host, session) {
      store.end(session)
      host.localSessions.delete(session)
    },
    lose: store.endAll,
  }
}

function assertMaster({ master }: Hosts, host: Host): void {
  if (host !== master) refuse('HOST_IS_SLAVE', master.address)
}

function counted(count: { granted: number; refused: number }, login: () => string): string {
  try {
    const session = login()
    count.granted += 1
    return session
  } catch (refusal) {
    count.refused += 1
    throw refusal
  }
}
