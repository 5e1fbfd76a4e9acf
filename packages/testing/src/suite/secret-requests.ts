/** A request with secrets, which the suite's server repeats. */
export interface SecretRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** All its secrets, none of which may be shown. At least three characters each. */
  readonly secrets: readonly string[]
}

/** A reply with secrets: a new session, the password of a new machine. */
export interface SecretReply {
  /** The request to this reply. */
  readonly request: { readonly method: string; readonly url: string; readonly body?: string }
  readonly body: string
  readonly secrets: readonly string[]
  /** Statuses that it is tried with. @default 200, 400 and 500 */
  readonly statuses?: readonly number[]
}
