/** Broken connections in a row after which an endpoint is left: by default, as many as one call has attempts. */
const BREAKS = 5

/** The endpoints of one service: those that its vendor lists, and those that the service itself has named. */
export class EndpointSet {
  /** The first of the vendor's endpoints: the sessions of the service are kept under it. */
  readonly sessionKey: string
  /** True once the active endpoint has accepted a session, for any part of the service. */
  hasTakenSession = false
  /** Monotonic milliseconds at which the last call began that the active endpoint has served. */
  servedFrom = Number.NEGATIVE_INFINITY
  readonly #configured: readonly string[]
  #discovered: readonly string[] = []
  #active: string
  #breaks = 0
  /** Monotonic milliseconds at which a reply last sent a call to another host, until the active endpoint has served a later one. */
  #sentAwayAt = Number.POSITIVE_INFINITY
  readonly #onLeft: (origin: string) => void

  /** @param onLeft called with an endpoint whose waiting calls should go to the active one. */
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

  /** Notes that an endpoint has accepted a session. */
  markSessionTaken(origin: string): void {
    if (origin === this.#active) this.hasTakenSession = true
  }

  /** Notes that a reply has sent a call to another host. */
  markSentAway(at: number): void {
    this.#sentAwayAt = at
  }

  /** Notes that an endpoint has served a call that began then. Calls that were sent away before wait elsewhere in vain. */
  markServed(origin: string, startedAt: number): void {
    if (origin !== this.#active) return
    this.servedFrom = Math.max(this.servedFrom, startedAt)
    if (this.servedFrom <= this.#sentAwayAt) return
    this.#sentAwayAt = Number.POSITIVE_INFINITY
    for (const other of this.after(origin)) this.#onLeft(other)
  }

  /** Makes an endpoint that has answered the active one, if `from` still is. */
  setActive(origin: string, from: string): void {
    // Otherwise another call has changed it since.
    if (this.#active === from) this.#activate(origin)
  }

  /** Makes the endpoint after `origin` the active one, unless another call has done so already. */
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

  /** Counts a broken connection. True if the endpoint has not answered between several of them. */
  countBreak(origin: string): boolean {
    return origin === this.#active && ++this.#breaks >= BREAKS
  }

  /** Replaces the endpoints that the service has named. */
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
    if (left !== origin) this.servedFrom = Number.NEGATIVE_INFINITY
    if (left !== origin) this.#onLeft(left)
  }
}
