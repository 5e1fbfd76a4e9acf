import { createLogUpdate } from 'log-update'

/** Milliseconds between two lines about one subject, where lines cannot be changed. */
const BETWEEN = 1_000

/** One line a subject, which changes in place on a terminal; elsewhere a line now and then, and one at the end of each. */
export class LiveLines {
  readonly #lines = new Map<string, string>()
  readonly #printedAt = new Map<string, number>()
  readonly #print: (line: string) => void
  readonly #update: ReturnType<typeof createLogUpdate> | undefined

  /**
   * Begins below what was written before.
   *
   * @param print writes a line that stays.
   */
  constructor(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }, print: (line: string) => void) {
    this.#print = print
    this.#update = stream.isTTY === true ? createLogUpdate(stream) : undefined
  }

  /** Shows the line of a subject. */
  show(subject: string, line: string, isLast: boolean): void {
    this.#lines.set(subject, line)
    if (this.#update !== undefined) return this.#update([...this.#lines.values()].join('\n'))
    const now = performance.now()
    const isDue = now - (this.#printedAt.get(subject) ?? Number.NEGATIVE_INFINITY) >= BETWEEN
    if (!isDue && !isLast) return
    this.#printedAt.set(subject, now)
    this.#print(line)
  }

  /** Writes a line that stays, above those that change. False if none change. */
  persist(line: string): boolean {
    if (this.#update === undefined || this.#lines.size === 0) return false
    this.#update.persist(line)
    this.#update([...this.#lines.values()].join('\n'))
    return true
  }

  /** Leaves the lines as they are, and goes on below them. */
  done(): void {
    this.#update?.done()
    this.#lines.clear()
  }
}
