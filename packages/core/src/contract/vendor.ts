import type { Catalogue } from './catalogue.ts'
import type { Fault } from './fault.ts'
import type { RequestFacts } from './request.ts'
import type { ErrorRow } from './row.ts'
import type { SessionSource } from './session.ts'

/** A reply as a vendor's `parse` gets it. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** The part of the body that was read; empty if there was none. */
  readonly text: string
  /** False if `text` is only the beginning of the body. */
  readonly complete: boolean
  readonly request: RequestFacts
}

/**
 * Looks at the beginning of a success body, one chunk after the other.
 *
 * - `fine`: it is a success; the whole body, the chunks read so far included, is passed on as a stream.
 * - `fault`: it is a failure; the rest is read, up to the engine's bound, and `parse` is called.
 * - `more`: not known yet. If the body ends, or 1 MiB of it has been read, `parse` is called with what was read.
 */
export type Sniff = (chunk: Uint8Array) => 'fine' | 'fault' | 'more'

/**
 * The part of a body that must be read to know that its reply is a success.
 *
 * - `none`: nothing, because the status is enough; the reply is passed on untouched.
 * - `whole`: all of it, up to the engine's bound.
 * - a {@link Sniff}: its beginning. Return a new function for every reply.
 */
export type BodyNeed = 'none' | 'whole' | Sniff

/**
 * Everything the engine must know about one API; `defineVendor` makes it. If one of its functions returns an invalid value, the call
 * ends with a `TypeError` that names vendor and function; if one throws, the call ends with what was thrown. Both are ignored only while
 * an error is being made.
 */
export interface Vendor<Row extends ErrorRow = ErrorRow> {
  /** Short name in lower case (`vsphere`), as errors and events carry it. */
  readonly name: string
  readonly catalogue: Catalogue<Row>
  /**
   * Origins that this vendor's credentials belong to. Requests to other origins are neither signed nor the cause of a login,
   * except to a host of the user's `trustedHosts` that a reply has named.
   */
  readonly origins?: readonly string[]
  /**
   * Those of `origins` that are endpoints of the same service, the usual one first. They share a session. A call goes to the
   * one that answered last, or that a reply has named, and to the next one if that cannot be reached.
   */
  readonly endpoints?: readonly string[]
  /**
   * True for a request about the host in its URL, such as its statistics or its emergency mode, which no other of `endpoints`
   * can answer. It goes to that host, with the session that all share. Default: false, any endpoint may answer.
   */
  isHostBound?(request: RequestFacts): boolean
  /**
   * True for a request that makes the service talk to another one of its kind, whose errors it may pass on. A host that such
   * an error names is asked only if it is one of `origins` or `endpoints`, even if the user trusts others.
   */
  mayRelay?(request: RequestFacts): boolean
  /** Request headers that carry a session or credential of this vendor, in lower case. */
  readonly secretHeaders?: readonly string[]
  /** Success statuses that mean more than "fine", by name. */
  readonly successes?: Readonly<Record<number, string>>
  /** False for requests to the same host that another API answers; they are treated as plain HTTP. Default: true for all. */
  covers?(request: RequestFacts): boolean
  /**
   * Name of the request's operation, for people and as a label of metrics: `VM.start`, `PUT /v2/{project}/policies/{policy}`.
   * It must contain no identifier, no value and no text of the caller's, and there must be few names, whatever is requested
   * ({@link pathTemplates}). Called only for an error or an event. Default, and if it returns nothing or throws: the HTTP
   * method.
   */
  operation?(request: RequestFacts): string | undefined
  /** Names services of one host that fail apart (`login`, `data`). Default: one scope. */
  scope?(request: RequestFacts): string
  /**
   * True for requests whose body must be read to know what they do, such as an RPC by POST. The body of a `Blob` or a
   * `Request` is then read before it is sent, up to `replayLimit`, and is sent with its length. A request whose body cannot be
   * read is treated as if it showed a secret, and as if `isHostBound` were true. Called without the body.
   */
  needsRequestBody?(request: RequestFacts): boolean
  /**
   * Secrets in the request's body or URL that have no telling name: a session or password at a known position, a script, an
   * answer file. Values under a name such as `password`, in a pair of name and value, in a command or in the user information
   * of a URL count as secrets for every vendor, and so do private keys; `secretsInBody` and `namedSecrets` find those under
   * further names. Secrets are redacted in errors, events and a test kit's record, and follow no redirect to a host that is
   * not trusted. Called only for an error, an event or a redirect, then also for the kept body of a `Blob` or a `Request` that
   * the vendor did not read before. Default: none.
   */
  secretsIn?(request: RequestFacts): readonly string[]
  /**
   * True if the request changes nothing at the server; `undefined` leaves it to the HTTP method. A safe request is repeatable.
   * An unsafe one is repeatable if it is a PUT or DELETE, has an `Idempotency-Key`, or the vendor or the user says so.
   */
  isSafe?(request: RequestFacts): boolean | undefined
  /** True if the request may be repeated although its outcome is unknown; `undefined` leaves it to the HTTP method. */
  isRepeatable?(request: RequestFacts): boolean | undefined
  /**
   * The request that finds out whether an earlier one of unknown outcome was done, in one line
   * (`GET /v2/{project}/backups?name=nightly`). Errors with `mayBeDone` carry it.
   */
  verifyWith?(request: RequestFacts): string | undefined
  /**
   * The body of a plain success of this request, which an accepted conflict is given so that its reader finds what it expects.
   * Default, and if it returns nothing: 204 without a body.
   */
  success?(request: RequestFacts): { readonly body: string; readonly contentType: string } | undefined
  /**
   * Advice that fits a failure of this request better than that of its row, such as the vendor's option to set when a first
   * contact fails. One short line. Called only while an error is being made, also for bare statuses and failures of the
   * network.
   */
  hintFor?(fault: Fault, request: RequestFacts): string | undefined
  /** Default time limits for requests that are slow by nature, in milliseconds. The user's own limits take precedence. */
  limits?(request: RequestFacts): { readonly timeout?: number; readonly totalTimeout?: number } | undefined
  /** The part of a success's body that `parse` must get. Default: `none`. */
  bodyNeed?(request: RequestFacts): BodyNeed
  /**
   * True for a request that this API never answers with an HTML page, so that a 200 with one is another's: a page of maintenance,
   * or a proxy's to sign in at. It is then a fault, `FOREIGN_PAGE`. Called only for a 200 with the type of a page. Default: false.
   */
  answersNoPage?(request: RequestFacts): boolean
  /**
   * Reads a reply: returns the fault in it, or `undefined` for a success and for a reply that this API did not write. Called
   * for a 300 and every status of 400 or more, and for others only if `bodyNeed` asks for the body. Must not throw.
   */
  parse(reply: Reply): Fault | undefined
  /** The login; absent if the vendor was given no credentials. */
  readonly auth?: SessionSource
}
