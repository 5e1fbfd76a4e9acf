import { bears, mark, marker } from '../../error/marker.ts'

const FAILED_LOGIN = /* @__PURE__ */ marker('failedLogin')

/** A login that failed, now or before. */
export class FailedLogin {
  readonly error: unknown
  /** Milliseconds before which it is not tried again; `undefined` for never with these credentials. */
  readonly retryAfter: number | undefined
  /** True if logins succeed, and their sessions are rejected. */
  readonly isOfSessions: boolean = false

  constructor(error: unknown, retryAfter: number | undefined) {
    this.error = error
    this.retryAfter = retryAfter
    mark(this, FAILED_LOGIN)
  }
}

/** The failure of logins whose sessions the service rejects: there is no further login for some time. */
export class SessionsRejected extends FailedLogin {
  override readonly isOfSessions = true
}

export const isFailedLogin = (error: unknown): error is FailedLogin => bears(error, FAILED_LOGIN)
