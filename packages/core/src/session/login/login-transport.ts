import type { LoginTransport } from '../../contract/session.ts'

/** The signals of a login, and the secrets that must not be in its errors. */
export interface LoginContext {
  /** Aborts the request under way. */
  readonly signal: AbortSignal
  /** No request begins after it aborts; one under way goes on. */
  readonly stop: AbortSignal
  /** Monotonic milliseconds at which a login must have ended; absent for a logout. */
  readonly deadlineAt?: number
  secrets(): readonly string[]
}

/** Makes the login transport with the trusted hosts of a client; `undefined` if the client was collected. */
export type LoginTransportFactory = (context: LoginContext) => LoginTransport | undefined
