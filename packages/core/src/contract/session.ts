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
   * Hosts that the service itself has named as its own, for a vendor with `endpoints`: names or addresses, an IPv6 one with
   * or without brackets. From now on they are trusted, and asked where the host in use is gone; those named before are
   * not. Absent where nothing was said of them.
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
   * Sends one request of the vendor's own; rejects with a `VendorError` on final failure. The body of the reply fails with
   * a `RangeError` once more of it was read than the client's `loginReplyLimit`. A `signal` of the vendor's own ends this
   * request; the engine's ends it, too, when nobody waits for the session any more.
   */
  send(path: string, init: LoginRequestInit): Promise<Response>
}

/** The headers that show a session. */
export type SessionHeaders = Readonly<Record<string, string | undefined>>

/** Gets a session from credentials, signs each request with it, and ends it. */
export interface SessionSource<C extends Credentials = Credentials, S extends Session = Session> {
  /**
   * Origin of the server that gives the sessions, where it is another than those that take them (an identity service).
   * All of them share one session, those of other vendors with this very source and state too. Default: each origin
   * that is called gives its own, and `endpoints` share one.
   */
  readonly issuer?: string
  /** Members of the credentials that are no secret, such as names: they may be shown. @default ['username'] */
  readonly publicFields?: readonly string[]
  /**
   * Two sources with the same key whose credentials are equal share one session at an origin of one state: it names all
   * that a session depends on beside them. Default: a source shares with no other.
   */
  readonly shareKey?: string
  /**
   * True where the server's count of refused logins goes down with time, so that a refused login may be repeated now and
   * then without locking the account. Default: unknown, so a login is repeated once and then not before the credentials
   * change or `client.state.reset()`.
   */
  readonly lockoutDecays?: boolean
  /**
   * True where every login brings the same session, such as a key that somebody has written down: a call whose session is
   * rejected ends, for a login would change nothing.
   *
   * @default false
   */
  readonly isFixed?: boolean
  /** Name of the user whose refused logins the server counts. @default all `publicFields` */
  accountOf?(credentials: C): string
  /**
   * The credentials as they are now. Called once a login, so a function of the user's may fetch or rotate them. Its time
   * counts as the login's; what it throws is the cause of a `CREDENTIALS_FAILED`.
   */
  credentials(): C | Promise<C>
  /**
   * Logs in. Throws what `transport.send` throws; the engine knows a refused login by its verdict. Anything else that it
   * throws is the cause of a `LOGIN_FAILED`, whose message and `hint`, if it has one, are that error's: see
   * {@link UnusableLogin}. It should send nothing once its transport has thrown.
   */
  open(credentials: C, transport: LoginTransport): Promise<S>
  /**
   * True where a request is to be signed at all. Default: unless it carries an `Authorization` or one of the vendor's
   * `secretHeaders`, for then its caller has signed it himself.
   */
  shouldSign?(request: RequestFacts, headers: Headers): boolean
  /**
   * Puts the session into a request that is about to leave. Headers may be returned instead of being written: they take the
   * place of those of the same name, and a name whose value is `undefined` is taken out.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a source that writes into the request returns nothing.
  sign(request: OutgoingRequest, session: S): SessionHeaders | void
  /** Ends the session at the server. Best effort: what it throws is ignored. */
  close?(session: S, transport: LoginTransport): Promise<unknown>
}

/** The error of a login that was answered, but not by a session: by a web page, say. */
export class UnusableLogin extends Error {
  override readonly name = 'UnusableLogin'
  /** Advice for a person: the option to look at. */
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}
