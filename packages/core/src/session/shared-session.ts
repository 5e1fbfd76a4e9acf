import { abortable, systemClock, waitAtMost } from '../contract/clock.ts'
import type { Session } from '../contract/session.ts'
import { ClosedError } from './closed-error.ts'
import { type Login, logIn } from './login/login.ts'
import { LoginPace } from './login/login-pace.ts'
import type { LoginTime } from './login/login-time.ts'
import type { LoginTransportFactory } from './login/login-transport.ts'
import { forLogout, type SessionHandle } from './login/session-handle.ts'
import { SessionRejections } from './session-rejections.ts'

/** Most secrets that are remembered: of this session and of former ones. */
export const MOST_SECRETS = 64

/** The session of one set of credentials at one origin, and the one login for it that all callers wait for. */
export class SharedSession {
  rejections = new SessionRejections()
  /** Failures of its logins, whichever source has begun them. */
  readonly pace = new LoginPace()
  /** True once a call succeeded with one of its sessions. */
  hasBeenValid = false
  readonly #onClosed: () => void
  readonly #users = new Set<object>()
  readonly #stop = new AbortController()
  #handle: SessionHandle | undefined
  #login: { readonly result: Promise<Session>; readonly time: LoginTime } | undefined
  /** Settled when a probe has found out whether the session is valid. */
  #probe = Promise.withResolvers<void>()
  /** Secrets of this session and of former ones: late replies may still contain them. */
  #secrets: readonly string[] = []

  /** @param onClosed called when it is closed or dropped. */
  constructor(onClosed: () => void) {
    this.#onClosed = onClosed
  }

  /** The present session, valid or not. */
  get session(): Session | undefined {
    return this.#handle?.session
  }

  get isLoggingIn(): boolean {
    return this.#login !== undefined
  }

  /** True if the session is unproven: fresh ones before it were rejected, and no service has accepted this one yet. */
  get isUnproven(): boolean {
    return this.#handle?.isValid === false && this.rejections.isActive
  }

  /** The session that a request can use at once. A body that can be sent only once needs a certainly fresh one. */
  get(isBodyOnce: boolean): Session | undefined {
    const handle = this.#handle
    return handle === undefined || this.isUnproven || !handle.isFresh(isBodyOnce) ? undefined : handle.session
  }

  markUsed(now: number): void {
    this.#handle?.markUsed(now)
  }

  secrets(): readonly string[] {
    return this.#secrets
  }

  isKnownValid(session: Session): boolean {
    return session === this.session && this.#handle?.isValid === true
  }

  markValid(session: Session): void {
    const handle = this.#handle
    if (handle === undefined || session !== handle.session || handle.isValid) return
    handle.isValid = true
    this.hasBeenValid = true
    this.rejections.reset()
    this.#endProbe()
  }

  /** Gives a caller the right to send an unproven session; true at once for any other. */
  claim(session: Session): boolean {
    return session !== this.session || !this.isUnproven || this.rejections.claimProbe(systemClock.now())
  }

  /** Waits until another caller's probe has ended, for at most a second. @throws the reason of a signal. */
  async untilProbeEnds(...signals: readonly (AbortSignal | null | undefined)[]): Promise<void> {
    const ms = this.rejections.probeRemaining(systemClock.now())
    await waitAtMost(this.#probe.promise, ms, ...signals)
  }

  /** Drops a session that the server has rejected; see {@link SessionCache.invalidate}. */
  invalidate(session: Session, mayStand: boolean, error: (() => unknown) | undefined): void {
    const handle = this.#handle
    if (handle === undefined || session !== handle.session) return
    this.#handle = undefined
    if (mayStand) void handle.end(forLogout())
    if (error !== undefined && !handle.isValid)
      this.rejections.count(!this.hasBeenValid, error, systemClock.now(), systemClock.random())
    this.#endProbe()
  }

  /** The session of the login under way, which is begun if needed. It goes on to its end, also if no caller waits any more. */
  login(login: Login): Promise<Session> {
    if (this.#login === undefined) {
      const result = this.#logIn(login).finally(() => {
        this.#login = undefined
      })
      result.catch(() => {})
      this.#login = { result, time: login.time }
    }
    return this.#login.result
  }

  /**
   * Takes over the rejections of the session before it, if none of its own was accepted: where a function makes a token for each
   * login, each login has other credentials.
   */
  follow({ rejections }: SharedSession): void {
    if (rejections.hasBegun && this.session === undefined && !this.hasBeenValid) this.rejections = rejections
  }

  addUser(user: object): void {
    this.#users.add(user)
  }

  /** Removes a user; true if there is none left. */
  removeUser(user: object): boolean {
    this.#users.delete(user)
    return this.#users.size === 0
  }

  /** Drops the session, and lets no further login begin. */
  drop(): void {
    this.#stop.abort(new ClosedError())
    this.#onClosed()
    this.#handle = undefined
    this.#endProbe()
  }

  /** Ends the session at the server, best effort. A login under way is waited for until the signal aborts, and its session ended. */
  async close(signal = forLogout(), spare?: LoginTransportFactory): Promise<boolean> {
    const [handle, login] = [this.#handle, this.#login]
    this.drop()
    const abort = () => login?.time.abort(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    await Promise.all([handle?.end(signal, spare), login && abortable(login.result, signal).catch(() => {})])
    signal.removeEventListener('abort', abort)
    return handle !== undefined
  }

  async #logIn(login: Login): Promise<Session> {
    const handle = await logIn(login, this.#stop.signal)
    // The session before it was about to expire, and is not ended at the server: requests under way may still use it.
    this.#handle = handle
    this.#secrets = [...new Set([...handle.session.secrets, ...this.#secrets])].slice(0, MOST_SECRETS)
    return handle.session
  }

  #endProbe(): void {
    this.#probe.resolve()
    this.#probe = Promise.withResolvers()
  }
}
