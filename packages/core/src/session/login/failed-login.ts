/** A login that failed, now or before. */
export class FailedLogin {
  readonly error: unknown
  /** Milliseconds before which it is not tried again; `undefined` for never with these credentials. */
  readonly retryAfter: number | undefined

  constructor(error: unknown, retryAfter: number | undefined) {
    this.error = error
    this.retryAfter = retryAfter
  }
}

/** The failure of logins whose sessions the service rejects: there is no further login for some time. */
export class SessionsRejected extends FailedLogin {}
