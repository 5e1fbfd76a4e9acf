import type { Clock } from '../contract/clock.ts'
import type { LoginTransport, Session, SessionSource } from '../contract/session.ts'

/** Told of the sessions that are opened and closed. */
export interface SessionListener {
  opened(session: Session): void
  loginFailed(error: unknown, retryAfter: number): void
  closed(): void
}

/**
 * Makes the transport for a login or logout, with the trust of the client that makes it.
 *
 * @param signal ends it when nobody waits any more.
 * @param secrets the strings that must not stand in its errors.
 */
export type LoginTransportFactory = (signal: AbortSignal, secrets: () => readonly string[]) => LoginTransport

/** The parts of a client that its sessions depend on. */
export interface SessionCacheOptions {
  readonly source: SessionSource
  /** The origin at which the sessions are opened. */
  readonly origin: string
  readonly clock: Clock
  readonly listener: SessionListener
  /** The number of the last call that was made before the client was closed: it opens no session any more. */
  closedUpTo(): number
  /** True where an error says that the credentials themselves were refused. */
  isCredentialRefusal(error: unknown): boolean
  /** Milliseconds for which a failed login asked to be left alone, if it did. */
  retryAfterOf(error: unknown): number | undefined
}
