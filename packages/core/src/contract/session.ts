import type { OutgoingRequest, RequestFacts } from './request.ts'

/** The result of a login. The engine reads only the members listed here. */
export interface Session {
  /** Every string that must never be shown: redacted wherever a server repeats it. */
  readonly secrets: readonly string[]
  /** Time at which it ends, in milliseconds since the epoch, if the vendor says so. */
  readonly expiresAt?: number
  /** Time that it lives unused, in milliseconds, if the vendor says so. */
  readonly idleTimeout?: number
  /**
   * Hosts that the service has named as its own, for a vendor with `endpoints`: names or addresses, an IPv6 one with or
   * without brackets. From now on they are trusted, and used if the active one cannot be reached; hosts named before are no
   * longer. Absent if the service named none.
   */
  readonly endpoints?: readonly string[]
}

/** Flat, so that the engine can tell changed credentials from refused ones. Kept in memory only, never shown. */
export type Credentials = Readonly<Record<string, string>>

/** The init of `fetch`, with the number of retries and the milliseconds of an attempt. */
export type LoginRequestInit = RequestInit & {
  readonly resilience?: { readonly retry?: number | false; readonly timeout?: number | false }
}

/** Sends a vendor's own calls (login, logout) to its server: through the same `fetch`, unsigned, classified, paced. */
export interface LoginTransport {
  /** Origin to log in at. */
  readonly origin: string
  /**
   * Sends one request of the vendor's own, to a path at `origin`; rejects with a `VendorError` on final failure. Reading the
   * body of the reply fails with a `RangeError` beyond the client's `loginReplyLimit`. A `signal` of the vendor ends this
   * request; the engine ends it too when nobody waits for the session any more.
   */
  send(path: string, init: LoginRequestInit): Promise<Response>
}

/** The headers that show a session. */
export type SessionHeaders = Readonly<Record<string, string | undefined>>

/** Gets a session from credentials, signs each request with it, and ends it. */
export interface SessionSource<C extends Credentials = Credentials, S extends Session = Session> {
  /**
   * Origin of the server that issues the sessions, if it is not one of those that accept them (an identity service). All
   * origins share one session, also those of other vendors with the same source and state. Default: each origin that is
   * called issues its own, and `endpoints` share one.
   */
  readonly issuer?: string
  /** Members of the credentials that are not secret, such as names, and may be shown. @default ['username'] */
  readonly publicFields?: readonly string[]
  /**
   * Sources with the same key and equal credentials share one session at an origin of one state. So the key must contain
   * everything but the credentials that a session depends on. Default: a source shares with no other.
   */
  readonly shareKey?: string
  /**
   * True if the server forgets refused logins with time, so that one may be repeated now and then without locking the account.
   * Default: unknown, so a refused login is repeated once, and then not before the credentials change or
   * `client.state.reset()` is called.
   */
  readonly lockoutDecays?: boolean
  /**
   * True if every login returns the same session, such as a fixed key. A call whose session is rejected then ends, because a
   * new login would change nothing.
   *
   * @default false
   */
  readonly isFixed?: boolean
  /** Name of the user whose refused logins the server counts. @default all `publicFields` */
  accountOf?(credentials: C): string
  /**
   * Returns the present credentials. Called once for each login, so a function of the user's may fetch or rotate them. Its
   * time counts as the login's. If it throws, that is the cause of a `CREDENTIALS_FAILED`, which is `fatal` for a bug before the
   * first session: an `OptionsError`, a `ReferenceError`, or a `TypeError` that is not `fetch`'s.
   */
  credentials(): C | Promise<C>
  /**
   * Logs in. It must let errors of `transport.send` through, because the engine recognises a refused login by their verdict.
   * Any other error is the cause of a `LOGIN_FAILED`, which takes over its message and its `hint`, if it has one: see
   * {@link UnusableLogin}. It should send nothing more once its transport has thrown.
   */
  open(credentials: C, transport: LoginTransport): Promise<S>
  /**
   * True if the request is to be signed. Default: true unless it carries an `Authorization` or one of the vendor's
   * `secretHeaders`, because then its caller has signed it already.
   */
  shouldSign?(request: RequestFacts, headers: Headers): boolean
  /**
   * Puts the session into a request that is about to leave. Headers may be returned instead of being written: they replace
   * those of the same name, and a name whose value is `undefined` is removed.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a source that writes into the request returns nothing.
  sign(request: OutgoingRequest, session: S): SessionHeaders | void
  /** Ends the session at the server. Best effort: errors are ignored. */
  close?(session: S, transport: LoginTransport): Promise<unknown>
}

/** The error of a login whose answer contains no session, such as a web page. */
export class UnusableLogin extends Error {
  override readonly name = 'UnusableLogin'
  /** Advice for a person: the option to look at. */
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}
