/** The origins that are doors to one service: those of its vendor and those that the service has named itself. */
export class Peers {
  /** The first of the vendor's: what is kept for the service is kept under its name. */
  readonly home: string
  readonly #own: readonly string[]
  #named: readonly string[] = []
  #lead: string

  constructor(origins: readonly [string, ...string[]]) {
    this.#own = origins
    this.home = origins[0]
    this.#lead = this.home
  }

  /** Where calls go now. */
  get lead(): string {
    return this.#lead
  }

  has(origin: string): boolean {
    return this.#own.includes(origin) || this.#named.includes(origin)
  }

  /** A reply has sent a call on to this origin: those that follow need not ask the way again. */
  follow(origin: string): void {
    this.#lead = origin
  }

  /** This origin is not to be reached: the next one is asked, unless somebody has gone there already. */
  leave(origin: string): void {
    if (origin !== this.#lead) return
    const all = [...new Set([...this.#own, ...this.#named])]
    this.#lead = all[(all.indexOf(origin) + 1) % all.length] ?? this.home
  }

  /** The service has named its own doors. Those that it named before and names no more are forgotten. */
  learn(origins: readonly string[]): void {
    const wasNamed = this.#named.includes(this.#lead)
    this.#named = origins
    if (wasNamed && !this.has(this.#lead)) this.#lead = this.home
  }
}
