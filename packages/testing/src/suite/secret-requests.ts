/** A request that shows secrets, which the suite has a server repeat. */
export interface SecretRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** All of them: none may be told. Three characters at least. */
  readonly secrets: readonly string[]
}

/** A reply that shows secrets: a new session, the password of a new machine. */
export interface SecretReply {
  /** The request that is answered so. */
  readonly request: { readonly method: string; readonly url: string; readonly body?: string }
  readonly body: string
  readonly secrets: readonly string[]
  /** Statuses that it is tried with. @default 200, 400 and 500 */
  readonly statuses?: readonly number[]
}
