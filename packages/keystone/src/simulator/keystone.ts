import {
  type Clock,
  type CloudFaults,
  createAuditLog,
  createClock,
  createFaults,
  type Faults,
  middleware,
} from '@holdfast/openstack/simulator'
import { type Call, createRecorder, type Recorder } from '@holdfast/testing/simulator-kit'
import type { HttpHandler } from 'msw'
import { createDirectory, type Named } from './directory.ts'
import { hide } from './hide.ts'
import { createLogins } from './logins.ts'
import { expecting, unauthorized, writeRefusal } from './messages.ts'
import { type KeystoneState, operationsOf, uriOf } from './operations.ts'
import { defaults, type KeystoneSettings, type KeystoneSimulatorOptions } from './options.ts'
import { createPasswords } from './passwords.ts'
import { createTokens, type Token } from './tokens.ts'

/** An identity service in memory: its handlers, what it saw, and what can be made to go wrong. Made by `keystoneServer`. */
export class Keystone {
  /** For `setupServer(...handlers)` and `serve(handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** Every request it saw and what it answered. Passwords and tokens read `[password]`, `[token]` and `[secret 1]`. */
  readonly calls: readonly Call[]
  /** Faults on command for single requests. A code such as `503` is written as Keystone does. */
  readonly faults: CloudFaults
  readonly #state: KeystoneState
  readonly #recorder: Recorder = createRecorder({ secretHeaders: ['x-auth-token', 'x-subject-token'] })
  readonly #faults: Faults = createFaults()
  readonly #clock: Clock
  #down = false

  constructor(settings: KeystoneSettings) {
    this.#clock = createClock(settings.now)
    const directory = createDirectory(settings)
    const secrets = directory.users.map(({ id }, index) => [id, settings.users[index]?.password ?? ''] as const)
    const passwords = createPasswords(settings, secrets, this.#clock)
    const parts = { directory, passwords, tokens: createTokens(settings.lifetime, this.#clock) }
    this.#state = { ...parts, settings, logins: createLogins(parts) }
    this.handlers = operationsOf(this.#state).map(middleware(this.#parts()))
    this.calls = this.#recorder.calls
    this.faults = this.#faults
  }

  /** Its projects, by whose identifiers services are asked. */
  get projects(): readonly Named[] {
    return this.#state.directory.projects
  }

  /** Logins granted. */
  get logins(): number {
    return this.#state.logins.granted
  }

  /** Logins refused, for whatever reason. */
  get refusedLogins(): number {
    return this.#state.logins.refused
  }

  /** Tokens that are good. */
  get tokens(): number {
    return this.#state.tokens.live
  }

  /** True from `outage()` until `recover()`. */
  get isDown(): boolean {
    return this.#down
  }

  /** The state of a token: good, or good once, or never seen. */
  stateOf(token: string | null): 'valid' | 'stale' | 'unknown' {
    const { tokens } = this.#state
    if (tokens.valid(token) !== undefined) return 'valid'
    return tokens.find(token) === undefined ? 'unknown' : 'stale'
  }

  /** The token, if it is good. */
  validate(token: string | null): Token | undefined {
    return this.#state.tokens.valid(token)
  }

  /** Its own address as it tells it: with `/v3`. `fallback` for one that answers at every origin. */
  uri(fallback = 'http://127.0.0.1:5000'): string {
    return uriOf(this.#state.settings, new URL(fallback))
  }

  /** True after too many wrong passwords: the right one is refused now, with the same words. */
  isLocked(name: string): boolean {
    return this.#state.passwords.isLocked(this.#userNamed(name))
  }

  /** Opens an account again. */
  unlock(name: string): void {
    this.#state.passwords.unlock(this.#userNamed(name))
  }

  /** Changes a password, which ends the user's tokens. */
  setPassword(name: string, password: string): void {
    const id = this.#userNamed(name)
    this.#state.passwords.change(id, password)
    this.#state.tokens.revoke(({ user }) => user.id === id)
  }

  /** Ends every token: the next request with one is refused, whatever its `expires_at` said. */
  expireTokens(): void {
    this.#state.tokens.revoke(() => true)
  }

  /** Ends one token. */
  revoke(token: string): void {
    this.#state.tokens.revoke(({ id }) => id === token)
  }

  /** It closes every connection, and services that ask it about tokens answer 503, until `recover()`. */
  outage(): void {
    this.#down = true
  }

  /** Ends the outage. */
  recover(): void {
    this.#down = false
  }

  /** Turns its clock forward. */
  advance(ms: number): void {
    this.#clock.advance(ms)
  }

  /** Forgets calls. Tokens and counts stay. */
  clear(): void {
    this.#recorder.clear()
  }

  #parts() {
    const { settings } = this.#state
    return {
      base: settings.url,
      clock: this.#clock,
      recorder: this.#recorder,
      faults: this.#faults,
      auditLog: createAuditLog(),
      front: () => (this.#down ? ('drop' as const) : undefined),
      check: (request: Request) =>
        this.validate(request.headers.get('x-auth-token')) === undefined
          ? writeRefusal(unauthorized(), uriOf(settings, new URL(request.url)))
          : undefined,
      hide,
      write: (refusal: Parameters<typeof writeRefusal>[0], request: Request) =>
        writeRefusal(refusal, uriOf(settings, new URL(request.url))),
      malformed: () => expecting('valid JSON', 'request body'),
      headers: () => ({ vary: 'X-Auth-Token', 'x-openstack-request-id': `req-${crypto.randomUUID()}` }),
    }
  }

  #userNamed(name: string): string {
    const user = this.#state.directory.users.find((candidate) => candidate.name === name)
    if (user === undefined) throw new TypeError(`No user is called ${JSON.stringify(name)}.`)
    return user.id
  }
}

/**
 * An identity service in memory: Keystone's v3 logins by password and by token, with lock-outs and tokens that expire.
 *
 * @example
 * const identity = keystoneServer({ users: [{ name: 'ops', password: 'secret' }], projects: [{ name: 'p', id: 'abc' }], lifetime: 60_000 })
 * const backups = csbsServer({ keystone: identity, servers: ['server-1'] })
 * await using server = await serve([...identity.handlers, ...backups.handlers])
 */
export function keystoneServer(options: KeystoneSimulatorOptions = {}): Keystone {
  return new Keystone({ ...defaults, ...options })
}
