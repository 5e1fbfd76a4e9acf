import type { Clock } from '../contract/clock.ts'
import type { Door, Session, SessionSource } from '../contract/session.ts'

/** What the engine tells of its sessions. */
export interface SessionListener {
  opened(session: Session): void
  refused(error: unknown, retryAfter: number): void
  closed(): void
}

/**
 * Makes the door to log in or out by, with the trust of the client that does. It ends when nobody waits any more;
 * `secrets` are the strings that must not stand in what goes wrong behind it.
 */
export type DoorMaker = (signal: AbortSignal, secrets: () => readonly string[]) => Door

/** How a slot logs in: the vendor's own part. */
export interface SlotOptions {
  readonly source: SessionSource
  /** Where the sessions are opened. */
  readonly origin: string
  readonly clock: Clock
  readonly listener: SessionListener
  /** The number of the last call that was made before the client was closed: it opens no session any more. */
  closedUpTo(): number
  /** True where an error says that the credentials themselves were refused. */
  isRefusal(error: unknown): boolean
  /** Milliseconds that a failed login asked to be left alone, if it did. */
  retryAfterOf(error: unknown): number | undefined
}
