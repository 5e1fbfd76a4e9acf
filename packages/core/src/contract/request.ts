/** The parts of a request that a vendor's functions get. */
export interface RequestFacts {
  /** In capitals. */
  readonly method: string
  /** The absolute URL as the caller gave it. */
  readonly url: string
  /** Scheme, host and port, normalised. Empty if the URL is relative and the runtime has no base. */
  readonly origin: string
  /** Path without query. */
  readonly path: string
  /** Query without its question mark; empty if there is none. */
  readonly query: string
  /**
   * The body if the caller gave it as text or bytes, or if it is in a `Blob` or a `Request` for which the vendor's
   * `needsRequestBody` is true. `undefined` if there is none, if it is a form or a stream, or if its bytes are not UTF-8.
   * Decoded when it is first read.
   */
  readonly bodyText: string | undefined
}

/**
 * The init of `fetch`, with a dispatcher of any version of undici: a browser's `RequestInit` knows none, and that of Node.js
 * only those of the version in its types.
 */
export type FetchInit = Omit<RequestInit, 'dispatcher'> & { readonly dispatcher?: object | undefined }

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

/** The argument of `beforeAttempt`: the attempt that is about to be sent. */
export interface NextAttempt {
  /** The request as the caller made it, with the address to which this attempt goes. */
  readonly request: RequestFacts
  /** Counts from 1. */
  readonly attempt: number
  /** Aborts when the attempt times out or the call ends. */
  readonly signal: AbortSignal
}

/** Headers of one attempt. Numbers are written as text, and members that are `undefined` are left out. */
export type AttemptHeaders = Headers | Readonly<Record<string, string | number | undefined>>

/** Makes the headers of one attempt. */
export type BeforeAttempt = (next: NextAttempt) => AttemptHeaders | undefined | Promise<AttemptHeaders | undefined>

/** The usual header of an idempotency key, as in the IETF's draft and at Stripe. */
export const IDEMPOTENCY_KEY = 'idempotency-key'

/** The idempotency key in the headers of a request; an empty one, as of a variable that nobody has set, names no request. */
export const keyIn = (headers: HeadersInit | undefined, header: string = IDEMPOTENCY_KEY): string | undefined =>
  new Headers(headers).get(header) || undefined

/** Options of the key by which a service recognises a repeated request. */
export interface IdempotencyKeyOptions {
  /** `auto`, or the key of this one call. @default 'auto' */
  readonly key?: string
  /** Name of the header. @default 'Idempotency-Key' */
  readonly header?: string
  /** Puts the key into quotation marks, as draft-ietf-httpapi-idempotency-key-header has it. @default false, as Stripe has it */
  readonly quoted?: boolean
}

/** Options of the header that says how long the client waits for an answer. */
export interface DeadlineHeaderOptions {
  readonly name: string
  /** Milliseconds, whole seconds, or gRPC's number with its unit (`1500m`). @default 'ms'; 'grpc' for `grpc-timeout` */
  readonly unit?: 'ms' | 's' | 'grpc'
}

/** Options of the time after which a request is sent a second time. */
export interface HedgeOptions {
  /** Share of the last 100 answers to the same operation that took less time, 0 to 1. @default 0.95 */
  readonly percentile?: number
  /** Shortest wait before the second sending, in milliseconds; never less than 10. @default 10 */
  readonly least?: number
}
