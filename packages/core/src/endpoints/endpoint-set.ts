/** Connections to an endpoint that may break off in a row before the next is asked: one call's attempts, by default. */
const BREAKS = 5

/** The endpoints of one service: those of its vendor, and those that the service has named itself. */
export class EndpointSet {
  /** The first of the vendor's endpoints: the sessions of the service are kept under it. */
  readonly sessionKey: string
  /** True once the active endpoint has taken a session, for whatever part of the service. */
  hasTakenSession = false
  readonly #configured: readonly string[]
  #discovered: readonly string[] = []
  #active: string
  #breaks = 0
  readonly #onLeft: (origin: string) => void

  /** @param onLeft told of an endpoint that calls went to until now. */
  constructor(origins: readonly [string, ...string[]], onLeft: (origin: string) => void) {
    this.#configured = origins
    this.#onLeft = onLeft
    this.sessionKey = origins[0]
    this.#active = this.sessionKey
  }

  /** The endpoint that calls go to now. */
  get active(): string {
    return this.#active
  }

  has(origin: string): boolean {
    return this.#configured.includes(origin) || this.#discovered.includes(origin)
  }

  /** Notes that an endpoint has taken a session. */
  markSessionTaken(origin: string): void {
    if (origin === this.#active) this.hasTakenSession = true
  }

  /** Sends later calls to an endpoint that has answered, if `from` is still the active one. */
  setActive(origin: string, from: string): void {
    // Another call may have found out something newer meanwhile.
    if (this.#active === from) this.#activate(origin)
  }

  /** Sends later calls to the next endpoint, unless another call has done so already. */
  failOver(origin: string): void {
    if (origin !== this.#active) return
    this.#activate(this.after(origin)[0] ?? this.sessionKey)
  }

  /** The other endpoints, in the order in which they are tried after this one. */
  after(origin: string): readonly string[] {
    const all = [...new Set([...this.#configured, ...this.#discovered])]
    const at = all.indexOf(origin)
    return at < 0 ? all : [...all.slice(at + 1), ...all.slice(0, at)]
  }

  /** Notes that an endpoint has answered. */
  markAlive(origin: string): void {
    if (origin === this.#active) this.#breaks = 0
  }

  /** Counts a connection that broke off. True if nothing else has come from the endpoint for a while. */
  countBreak(origin: string): boolean {
    return origin === this.#active && ++this.#breaks >= BREAKS
  }

  /** Replaces the endpoints that the service had named itself. */
  setDiscovered(origins: readonly string[]): void {
    const wasNamed = this.#discovered.includes(this.#active)
    this.#discovered = origins
    if (wasNamed && !this.has(this.#active)) this.#activate(this.sessionKey)
  }

  #activate(origin: string): void {
    const left = this.#active
    this.#active = origin
    this.#breaks = 0
    this.hasTakenSession = false
    if (left !== origin) this.#onLeft(left)
  }
}
