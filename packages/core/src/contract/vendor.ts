import type { Catalogue } from './catalogue.ts'
import type { Fault } from './fault.ts'
import type { RequestFacts } from './request.ts'
import type { ErrorRow } from './row.ts'
import type { SessionSource } from './session.ts'

/** A reply as a vendor's parser sees it. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** The body as far as it was read; empty if there was none. */
  readonly text: string
  /** False where `text` is only the beginning of the body. */
  readonly complete: boolean
  readonly request: RequestFacts
}

/**
 * Looks at the beginning of a success body, one chunk after the other.
 *
 * - `fine`: it is a success; body and all that was seen of it are passed on as a stream.
 * - `fault`: it is a failure; the rest is read, up to the engine's bound, and `parse` is asked.
 * - `more`: not known yet. If the body ends so, or goes on for 1 MiB, `parse` is asked about what there is.
 */
export type Sniff = (chunk: Uint8Array) => 'fine' | 'fault' | 'more'

/**
 * The part of a success body that must be seen to know that it is one.
 *
 * - `none`: the status tells; the reply is passed on untouched.
 * - `whole`: all of it, up to the engine's bound.
 * - a {@link Sniff}: its beginning; made anew for every reply.
 */
export type BodyNeed = 'none' | 'whole' | Sniff

/**
 * Everything the engine must know about one API. A function that answers what it must not ends the call with a `TypeError`
 * that names vendor and function; one that throws, with what it throws. Only while an error is made do both leave it alone.
 */
export interface Vendor<Row extends ErrorRow = ErrorRow> {
  /** Short name in lower case (`vsphere`), as errors and events carry it. */
  readonly name: string
  readonly catalogue: Catalogue<Row>
  /**
   * Origins that this vendor's credentials belong to. Nothing is signed for, and no login started at, any other, but for
   * a host of the user's `trustedHosts` that a reply has named.
   */
  readonly origins?: readonly string[]
  /**
   * Those of `origins` that are endpoints of one and the same service, the usual one first. They share a session; a call
   * goes to the one that answered last, or that a reply has named, and to the next where that one is not to be reached.
   */
  readonly endpoints?: readonly string[]
  /**
   * True for a request about the very host that it names, which no other of `endpoints` can answer (its statistics, its
   * emergency mode): it goes where its caller sends it, with the session that all share. Default: any may answer.
   */
  isHostBound?(request: RequestFacts): boolean
  /**
   * True for a request upon which the service itself talks to another one of its kind, whose words it may pass on: a host
   * that they name is asked only if it is one of `origins` or `endpoints`, whatever hosts are trusted beside.
   */
  mayRelay?(request: RequestFacts): boolean
  /** Request headers that carry a session or credential of this vendor, in lower case. */
  readonly secretHeaders?: readonly string[]
  /** Success statuses that mean more than "fine", by name. */
  readonly successes?: Readonly<Record<number, string>>
  /** False for requests of the same host that another API answers; they are treated as plain HTTP. Default: all are covered. */
  covers?(request: RequestFacts): boolean
  /**
   * The name of what the request asks for, for people and as a label of metrics: `VM.start`, `PUT /v2/{project}/policies/{policy}`.
   * No identifier, no value and no text of the caller's may stand in it, and there must be few names, whatever is asked
   * ({@link pathTemplates}). Asked only when something is told: an error, an event. Default, and where it gives none, or
   * throws: the HTTP method.
   */
  operation?(request: RequestFacts): string | undefined
  /** Names services of one host that fail apart (`login`, `data`). Default: one scope. */
  scope?(request: RequestFacts): string
  /**
   * True for requests whose body must be seen to know what they ask for (an RPC by POST). A `Blob` or a `Request`'s own
   * body is then read before it leaves, up to `replayLimit`, and goes out with its length. One that cannot be seen counts
   * as one that shows a secret, and as one about the very host that it names. Asked without the body.
   */
  needsRequestBody?(request: RequestFacts): boolean
  /**
   * Secrets that the request shows in its body or its URL and that no name tells: a session or password at a known position,
   * a script, an answer file. What stands under a name such as `password`, in a pair of name and value, in a command or in
   * the user information of a URL counts for every vendor, as does a private key; `secretsInBody` and `namedSecrets` find
   * those under further names. No secret stands in an error, an event or a test kit's record, and none follows a redirect
   * to a host that is not trusted. Asked only when something is told or a redirect is met, then also about a body in a
   * `Blob` or a `Request` that the vendor did not see before, where it was kept. Default: none.
   */
  secretsIn?(request: RequestFacts): readonly string[]
  /**
   * True where a request changes nothing at the server; `undefined` leaves it to the HTTP method. A safe request is
   * repeatable. An unsafe one is so with PUT or DELETE, with an `Idempotency-Key`, or by the word of the vendor or the user.
   */
  isSafe?(request: RequestFacts): boolean | undefined
  /** True where a request may be repeated although its outcome is unknown; `undefined` leaves it to the HTTP method. */
  isRepeatable?(request: RequestFacts): boolean | undefined
  /**
   * The request that finds out whether an earlier one of unknown outcome was done, in one line
   * (`GET /v2/{project}/backups?name=nightly`). An error that says `mayBeDone` carries it.
   */
  verifyWith?(request: RequestFacts): string | undefined
  /**
   * The body of a plain success of this request, for whoever reads replies of the vendor's: it stands in place of a conflict
   * that is accepted. Default, and where it gives none: 204 without a body.
   */
  success?(request: RequestFacts): { readonly body: string; readonly contentType: string } | undefined
  /**
   * Advice that fits a failure of this request better than its row's: the option of the vendor's to set, where a first
   * contact fails. One short line. Asked only while an error is made, and then about statuses and failures of the network
   * as well.
   */
  hintFor?(fault: Fault, request: RequestFacts): string | undefined
  /** Default time limits for requests that are slow by nature, in milliseconds. The user's own limits outrank them. */
  limits?(request: RequestFacts): { readonly timeout?: number; readonly totalTimeout?: number } | undefined
  /** The part of a success body that `parse` must see. Default: `none`. */
  bodyNeed?(request: RequestFacts): BodyNeed
  /**
   * Reads a reply: the fault in it, or `undefined` for "fine" or "not this vendor's words". Asked about every status from
   * 400 on, and below it only where `bodyNeed` wants to see the body. Must not throw.
   */
  parse(reply: Reply): Fault | undefined
  /** The login; absent where the vendor was given no credentials. */
  readonly auth?: SessionSource
}

/**
 * Checks a vendor's definition and freezes it.
 *
 * @throws {TypeError} naming the field at fault.
 */
export function defineVendor<Row extends ErrorRow>(vendor: Vendor<Row>): Vendor<Row> {
  if (!/^[a-z][a-z0-9-]*$/.test(vendor.name)) {
    throw new TypeError(
      `Vendor \`name\` must be lower-case letters, digits and dashes, got ${JSON.stringify(vendor.name)}.`,
    )
  }
  if (vendor.auth !== undefined && !vendor.origins?.length) {
    throw new TypeError(`Vendor ${vendor.name} has credentials but no \`origins\`: they would go to any host.`)
  }
  const stranger = vendor.endpoints?.find((endpoint) => !vendor.origins?.includes(endpoint))
  if (stranger !== undefined || vendor.endpoints?.length === 0) {
    throw new TypeError(
      `Vendor ${vendor.name}: \`endpoints\` must be some of its \`origins\`, got ${JSON.stringify(stranger)}.`,
    )
  }
  for (const origin of vendor.origins ?? []) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new TypeError(
        `Vendor ${vendor.name}: \`origins\` must hold origins such as "https://host:443", got ${JSON.stringify(origin)}.`,
      )
    }
  }
  return Object.freeze(vendor)
}
