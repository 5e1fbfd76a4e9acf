import type { CloudFaults } from '@holdfast/openstack/simulator'
import { checkSettings, type RecordedCall, text } from '@holdfast/testing/simulator-kit'
import type { HttpHandler } from 'msw'
import { type ApplicationCredential, isCalled } from './application-credentials.ts'
import type { Named } from './directory.ts'
import { handlersOf } from './handlers.ts'
import { type KeystoneSettings, type KeystoneSimulatorOptions, settingsOf } from './options.ts'
import { createState, type KeystoneState, uriOf } from './state.ts'
import type { Token } from './tokens.ts'

/** An identity service in memory: its handlers, its record of calls, its state and its faults. Made by `keystoneServer`. */
export class Keystone {
  /** For `setupServer(...handlers)` and `serve(handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** Every request that arrived, and its answer. Passwords, secrets and tokens read `[password]`, `[secret]`, `[token]` and `[secret 1]`. */
  readonly calls: readonly RecordedCall[]
  /** Faults on command for single requests. A code such as `503` is written as Keystone does. */
  readonly faults: CloudFaults
  readonly #state: KeystoneState

  constructor(settings: KeystoneSettings) {
    this.#state = createState(settings)
    this.handlers = handlersOf(this.#state)
    this.calls = this.#state.recorder.calls
    this.faults = this.#state.faults
  }

  /** Its projects, whose identifiers are in requests to services. */
  get projects(): readonly Named[] {
    return this.#state.directory.projects
  }

  /** Its application credentials that are not deleted, whose identifiers programs log in with. */
  get applicationCredentials(): readonly ApplicationCredential[] {
    return this.#state.credentials.all
  }

  /** Logins granted. */
  get logins(): number {
    return this.#state.logins.granted
  }

  /** Logins refused, for whatever reason. */
  get refusedLogins(): number {
    return this.#state.logins.refused
  }

  /** Tokens that are valid. */
  get tokens(): number {
    return this.#state.tokens.live
  }

  /** True from `outage()` until `recover()`. */
  get isDown(): boolean {
    return this.#state.isDown
  }

  /** The state of a token: valid, formerly valid, or unknown. */
  stateOf(token: string | null): 'valid' | 'stale' | 'unknown' {
    const { tokens } = this.#state
    if (tokens.valid(token) !== undefined) return 'valid'
    return tokens.find(token) === undefined ? 'unknown' : 'stale'
  }

  /** The token, if it is valid. */
  validate(token: string | null): Token | undefined {
    return this.#state.tokens.valid(token)
  }

  /** Its own address as it reports it: with `/v3`. `fallback` for one that answers at every origin. */
  uri(fallback = 'http://127.0.0.1:5000'): string {
    return uriOf(this.#state.settings, new URL(fallback))
  }

  /** True after too many wrong passwords: now the right one is refused with the same answer. */
  isLocked(name: string): boolean {
    return this.#state.passwords.isLocked(this.#userNamed(name))
  }

  /** Unlocks an account. */
  unlock(name: string): void {
    this.#state.passwords.unlock(this.#userNamed(name))
  }

  /** Changes a password, which ends the user's tokens, also those that are issued in the rest of this second. */
  setPassword(name: string, password: string): void {
    checkSettings('setPassword', { password }, { password: text }, ['password'])
    const id = this.#userNamed(name)
    this.#state.passwords.change(id, password)
    this.#state.tokens.revokeUser(id)
  }

  /** Ends a user's tokens, also those that are issued in the rest of this second, as it is when an account changes. */
  revokeTokensOf(name: string): void {
    this.#state.tokens.revokeUser(this.#userNamed(name))
  }

  /** Deletes an application credential, by its name or identifier: its secret is refused, and so is every token of it. */
  deleteApplicationCredential(nameOrId: string): void {
    const { credentials, tokens } = this.#state
    const credential = credentials.all.find(isCalled(nameOrId))
    if (credential === undefined) throw new TypeError(`No application credential is ${JSON.stringify(nameOrId)}.`)
    credentials.delete(credential)
    tokens.revoke(({ applicationCredential }) => applicationCredential === credential)
  }

  /** Ends every token: the next request with one is refused, whatever its `expires_at` said. */
  expireTokens(): void {
    this.#state.tokens.revoke(() => true)
  }

  /** Ends one token. */
  revoke(token: string): void {
    this.#state.tokens.revoke(({ id }) => id === token)
  }

  /** Closes every connection from now on, and services that ask it about tokens answer 503, until `recover()`. */
  outage(): void {
    this.#state.isDown = true
  }

  /** Ends the outage. */
  recover(): void {
    this.#state.isDown = false
  }

  /** Advances its clock. */
  advance(ms: number): void {
    this.#state.clock.advance(ms)
  }

  /** Forgets calls. Tokens and counts stay. */
  clear(): void {
    this.#state.recorder.clear()
  }

  #userNamed(name: string): string {
    const user = this.#state.directory.users.find((candidate) => candidate.name === name)
    if (user === undefined) throw new TypeError(`No user is called ${JSON.stringify(name)}.`)
    return user.id
  }
}

/**
 * An identity service in memory: Keystone's v3 logins by password, application credential and token, with lock-outs and tokens that expire.
 *
 * @example
 * const identity = keystoneServer({ users: [{ name: 'ops', password: 'secret' }], projects: [{ name: 'p', id: 'abc' }], lifetime: 60_000 })
 * const backups = csbsServer({ keystone: identity, servers: ['server-1'] })
 * await using server = await serve([...identity.handlers, ...backups.handlers])
 */
export function keystoneServer(options: KeystoneSimulatorOptions = {}): Keystone {
  return new Keystone(settingsOf(options))
}
