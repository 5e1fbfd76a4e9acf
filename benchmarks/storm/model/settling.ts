const { nextTick } = process

/**
 * Waits until promises and ticks have run, without a turn of the event loop, which costs ten times as much.
 *
 * Promises run to their end before the next tick, and ticks are counted: if none has come since the beginning, nothing is left.
 */
export class Settling {
  #ticks = 0
  #ticksBefore = 0
  readonly #then = (): void => nextTick(this.#look)
  readonly #look = (): void => {
    if (this.#ticks === this.#ticksBefore) return this.#next()
    this.begin()
    queueMicrotask(this.#then)
  }
  #next: () => void = () => {}

  constructor() {
    process.nextTick = (run: (...given: unknown[]) => void, ...given: unknown[]) => {
      this.#ticks++
      nextTick(run, ...given)
    }
  }

  /** Called before a timer or callback runs. */
  begin(): void {
    this.#ticksBefore = this.#ticks
  }

  /** Runs `next` once everything that followed from it has settled. */
  end(next: () => void): void {
    this.#next = next
    queueMicrotask(this.#then)
  }

  /** Ticks are no longer counted. */
  restore(): void {
    process.nextTick = nextTick
  }
}
