import type { LoginTransport } from '../../contract/session.ts'

/** The signals of a login, and the strings that must not stand in its errors. */
export interface LoginContext {
  /** Aborts the request under way. */
  readonly signal: AbortSignal
  /** Lets no other request begin; one under way goes on. */
  readonly stop: AbortSignal
  /** Monotonic milliseconds at which a login must have ended; absent for a logout. */
  readonly deadlineAt?: number
  secrets(): readonly string[]
}

/** Makes the transport for a login or logout, with the trust of the client that makes it; `undefined` if that is gone. */
export type LoginTransportFactory = (context: LoginContext) => LoginTransport | undefined
