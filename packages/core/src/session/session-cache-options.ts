import type { Session, SessionSource } from '../contract/session.ts'
import type { LoginTransportFactory } from './login/login-transport.ts'
import type { SharedSession } from './shared-session.ts'

/** Told of the sessions that are opened and closed. */
export interface SessionListener {
  opened(): void
  /** Told of each session that is taken into use, also of one that another vendor object has opened. */
  taken(session: Session): void
  loginFailed(error: unknown, retryAfter: number | undefined): void
  closed(): void
}

/** The one who waits for a session, for as long as it may. */
export interface Waiter {
  readonly signal: AbortSignal
  /** Waits for something. @throws the reason, once it is given up. */
  until<T>(work: Promise<T>): Promise<T>
}

/** One login about to be made. */
export interface LoginInput {
  readonly makeTransport: LoginTransportFactory
  /** Milliseconds for credentials, reply and body together. */
  readonly timeout: number
}

/** The stage at which something went wrong that no reply tells of. */
export type LoginProblem = 'CREDENTIALS_FAILED' | 'LOGIN_FAILED' | 'LOGIN_TIMEOUT'

/** The parts of a client that its sessions depend on. */
export interface SessionCacheOptions {
  /** Name of the vendor. */
  readonly vendor: string
  readonly source: SessionSource
  /** The origin at which the sessions are opened. */
  readonly origin: string
  readonly listener: SessionListener
  /** Number of the state: its own logins for a session go one after the other. */
  readonly state: number
  /** The shared session of that key in this state, made if needed. */
  sharedSessionFor(key: string): SharedSession
  /** The error for whatever a login threw: itself where it is one of ours. */
  asError(thrown: unknown, problem: LoginProblem): unknown
  /** True if an error says that the credentials themselves were refused. */
  isCredentialRefusal(error: unknown): boolean
  /** Milliseconds for which a failed login asked to be left alone, if it did. */
  retryAfterOf(error: unknown): number | undefined
}
