import type { OneCallOptions } from './contract/policy.ts'
import type { ErrorRow } from './contract/row.ts'

/** A request of a client: a `Request`, or its URL with the init that the client is given. */
export type SentRequest<Row extends ErrorRow = ErrorRow> =
  | Request
  | (RequestInit & { readonly url: string | URL; readonly resilience?: OneCallOptions<Row> })

/** Milliseconds that a request may take; `Infinity` for no limit. */
export interface TimeLimits {
  /** For one attempt. */
  readonly timeout: number
  /** For the whole call. */
  readonly totalTimeout: number
}

/** Limits of reading a whole body, beside those of its request. */
export interface ReadTextOptions {
  /** Milliseconds that are left of the whole call. @default its `totalTimeout` */
  readonly within?: number
  /** Largest body that is read, in bytes. @default 268_435_456 (256 MiB) */
  readonly maxBytes?: number
}

/** Further facts of a failure. */
export interface FailureDetails {
  /**
   * `unknown` where the end of the work was not seen: it stays unknown, whatever a row says, and the `errors` option is not
   * asked. @default the row's, as the `errors` option changes it
   */
  readonly outcome?: 'unknown'
  /** The reply that told of it: its status and `Retry-After` are heeded, and it is the error's `response`. */
  readonly response?: Response
  /** The error behind it; the error's `cause` is a copy without secrets. */
  readonly cause?: unknown
}
