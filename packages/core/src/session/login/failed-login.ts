/** A login that failed, now or a while ago. */
export class FailedLogin {
  readonly error: unknown
  /** Milliseconds before which it is not tried again; `undefined` for never with these credentials. */
  readonly retryAfter: number | undefined

  constructor(error: unknown, retryAfter: number | undefined) {
    this.error = error
    this.retryAfter = retryAfter
  }
}

/** Logins succeed, but the service rejects their sessions: no further login for a while. */
export class SessionsRejected extends FailedLogin {}
