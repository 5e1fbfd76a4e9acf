import type { Session, SessionSource } from '../contract/session.ts'
import type { LoginTransportFactory } from './login/login-transport.ts'
import type { SharedSession } from './shared-session.ts'

/** Told of the sessions that are opened and closed. */
export interface SessionListener {
  opened(): void
  /** Called with each session that is used, also with one that another vendor object has opened. */
  taken(session: Session): void
  loginFailed(error: unknown, retryAfter: number | undefined): void
  closed(): void
}

/** A call that waits for a session, with its deadline. */
export interface Waiter {
  readonly signal: AbortSignal
  /** Waits for `work`. @throws the reason, if the deadline or an abort comes first. */
  until<T>(work: Promise<T>): Promise<T>
}

/** One login about to be made. */
export interface LoginInput {
  readonly makeTransport: LoginTransportFactory
  /** Milliseconds for credentials, reply and body together. */
  readonly timeout: number
}

/** The code for a login that failed without a reply; `FIRST_` if no credentials have been accepted before. */
export type LoginProblem = 'CREDENTIALS_FAILED' | 'FIRST_CREDENTIALS_FAILED' | 'LOGIN_FAILED' | 'LOGIN_TIMEOUT'

/** The parts of a client that its sessions depend on. */
export interface SessionCacheOptions {
  /** Name of the vendor. */
  readonly vendor: string
  readonly source: SessionSource
  /** The origin at which the sessions are opened. */
  readonly origin: string
  readonly listener: SessionListener
  /** Number of the state, whose logins for one session go one after the other. */
  readonly state: number
  /** The shared session of that key in this state, made if needed. */
  sharedSessionFor(key: string, make: (onClosed: () => void) => SharedSession): SharedSession
  /** The error for whatever a login has thrown; an error of this library stays as it is. */
  asError(thrown: unknown, problem: LoginProblem): unknown
  /** True if an error says that the credentials themselves were refused. */
  isCredentialRefusal(error: unknown): boolean
  /** Milliseconds that the server asked to wait after a failed login, if it did. */
  retryAfterOf(error: unknown): number | undefined
}
