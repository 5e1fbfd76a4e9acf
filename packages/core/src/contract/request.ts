/** The facts of a request that a vendor sees. */
export interface RequestFacts {
  /** In capitals. */
  readonly method: string
  /** The absolute URL as the caller gave it. */
  readonly url: string
  /** Scheme, host and port, normalised. Empty where the URL is relative and the runtime has no base. */
  readonly origin: string
  /** Path without query. */
  readonly path: string
  /** Query without its question mark; empty if there is none. */
  readonly query: string
  /**
   * The body, where the caller gave it as text or bytes, or in a `Blob` or a `Request` of the vendor's `needsRequestBody`;
   * `undefined` where there is none, it is a form or a stream, or its bytes are no text in UTF-8. Decoded when it is
   * asked for.
   */
  readonly bodyText: string | undefined
}

/** The parts of the caller's request that one attempt changes. */
export interface Changes {
  readonly url?: string
  readonly method?: string
  readonly headers?: Headers
  // By the name that Node.js's types have, too; those of a browser alone name it `BodyInit`.
  readonly body?: NonNullable<RequestInit['body']> | null
  readonly signal?: AbortSignal
  readonly redirect?: RequestRedirect
}

/** A request about to leave: made anew for every attempt, so a vendor may write into it. */
export interface OutgoingRequest {
  url: string
  readonly method: string
  readonly headers: Headers
  body: RequestInit['body'] | undefined
  /** The body before signing, as {@link RequestFacts.bodyText} has it. */
  readonly bodyText: string | undefined
}
