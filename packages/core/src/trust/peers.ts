/** So often in a row a door may break off before it is none any more: one call's attempts, by default. */
const BREAKS = 5

/** The origins that are doors to one service: those of its vendor and those that the service has named itself. */
export class Peers {
  /** The first of the vendor's: what is kept for the service is kept under its name. */
  readonly home: string
  readonly #own: readonly string[]
  #named: readonly string[] = []
  #lead: string
  #brokenOff = 0

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

  /** A call was sent on from where calls went to this origin, which serves it: those that follow need not ask the way. */
  follow(origin: string, from: string): void {
    // Somebody may have brought newer news meanwhile.
    if (this.#lead === from) this.#goTo(origin)
  }

  /** This origin is not to be reached: the next one is asked, unless somebody has gone there already. */
  leave(origin: string): void {
    if (origin !== this.#lead) return
    const all = [...new Set([...this.#own, ...this.#named])]
    this.#goTo(all[(all.indexOf(origin) + 1) % all.length] ?? this.home)
  }

  /** This origin has answered. */
  heard(origin: string): void {
    if (origin === this.#lead) this.#brokenOff = 0
  }

  /** A connection to this origin broke off. True where that is all that has come from it for a while. */
  brokeOff(origin: string): boolean {
    return origin === this.#lead && ++this.#brokenOff >= BREAKS
  }

  /** The service has named its own doors. Those that it named before and names no more are forgotten. */
  learn(origins: readonly string[]): void {
    const wasNamed = this.#named.includes(this.#lead)
    this.#named = origins
    if (wasNamed && !this.has(this.#lead)) this.#goTo(this.home)
  }

  #goTo(origin: string): void {
    this.#lead = origin
    this.#brokenOff = 0
  }
}
