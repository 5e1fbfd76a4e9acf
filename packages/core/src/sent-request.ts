import type { OneCallOptions } from './contract/policy.ts'
import type { ErrorRow } from './contract/row.ts'

/** A request of a client: a `Request`, or its URL with the init that the client gets. */
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

/** Limits of reading a whole body, besides those of its request. */
export interface ReadTextOptions {
  /** Milliseconds that are left for the whole call. @default its `totalTimeout` */
  readonly within?: number
  /** Bytes of the largest body that is read. @default 268_435_456 (256 MiB) */
  readonly maxBytes?: number
}

/** Further facts of a failure. */
export interface FailureDetails {
  /**
   * `unknown` if the end of the work was not observed. It then stays unknown, whatever the row or the `errors` option says.
   * @default the row's, as the `errors` option changes it
   */
  readonly outcome?: 'unknown'
  /** The reply that contained the failure: its status and `Retry-After` count, and it is the error's `response`. */
  readonly response?: Response
  /** The error behind it; the error's `cause` is a copy without secrets. */
  readonly cause?: unknown
}
