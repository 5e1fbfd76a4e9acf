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
  readonly headers?: Headers | Readonly<Record<string, string>>
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

/** A body, as `fetch` takes one. */
export type AttemptBody = NonNullable<RequestInit['body']> | AsyncIterable<Uint8Array>

/** The attempt that `beforeAttempt` is told of. */
export interface NextAttempt {
  /** The request as the caller made it, at the address where it goes. */
  readonly request: RequestFacts
  /** Counts from 1. */
  readonly attempt: number
  /** Aborts when the time of the attempt is up, or the call is ended. */
  readonly signal: AbortSignal
}

/** Headers of one attempt. A number is written as text; what is `undefined` is left out. */
export type AttemptHeaders = Headers | Readonly<Record<string, string | number | undefined>>

/** Makes the headers of one attempt. */
export type BeforeAttempt = (next: NextAttempt) => AttemptHeaders | undefined | Promise<AttemptHeaders | undefined>

/** The header of an idempotency key that the IETF's draft and Stripe have. */
export const IDEMPOTENCY_KEY = 'idempotency-key'

/** The key by which a service knows that two requests are one. */
export interface IdempotencyKeyOptions {
  /** `auto`, or the key of this one call. @default 'auto' */
  readonly key?: string
  /** @default 'Idempotency-Key' */
  readonly header?: string
  /** Puts the key into quotation marks, as draft-ietf-httpapi-idempotency-key-header has it. @default false, as Stripe has it */
  readonly quoted?: boolean
}

/** The header that says how long an answer is waited for. */
export interface DeadlineHeaderOptions {
  readonly name: string
  /** Milliseconds, whole seconds, or gRPC's number with its unit (`1500m`). @default 'ms'; 'grpc' for `grpc-timeout` */
  readonly unit?: 'ms' | 's' | 'grpc'
}

/** The time after which a request goes out a second time. */
export interface HedgeOptions {
  /** Share of the last 100 answers to the same operation that came sooner, 0 to 1. @default 0.95 */
  readonly percentile?: number
  /** Milliseconds that it waits at least. @default 10 */
  readonly least?: number
}
