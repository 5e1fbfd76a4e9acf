import { inspect } from 'node:util'
import type { Coverage, Ran, Spot } from './coverage.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'
import type { Target } from './target.ts'

/** Inputs that are run between two looks at the coverage, which are dear. */
const BATCH = 24
/** Milliseconds of CPU that one input may take. */
const MOST_CPU = 1_000
const SHRINKINGS = 24

/** An input that the target did not stand. */
export interface Finding {
  readonly input: Uint8Array
  readonly error: string
}

/** The outside of a loop. */
export interface Surroundings {
  readonly coverage: Coverage
  readonly words: readonly Uint8Array[]
  readonly seed: number
  isOver(): boolean
  /** Called with every input before it runs, so that it is known if the run never ends. */
  before(input: Uint8Array): void
  found(finding: Finding): void
}

/** Feeds a target what brings it to new places, again and again changed. */
export class Loop {
  readonly kept: Uint8Array[] = []
  executions = 0
  readonly #target: Target
  readonly #around: Surroundings
  readonly #random: Random
  readonly #results = new Set<string>()

  constructor(target: Target, around: Surroundings) {
    this.#target = target
    this.#around = around
    this.#random = new Random(around.seed)
  }

  async run(begin: readonly Uint8Array[]): Promise<void> {
    for (const input of begin) await this.#look(input, 0)
    while (!this.#around.isOver()) {
      const batch = Array.from({ length: BATCH }, () => this.#next())
      if (await this.#isTelling(batch)) for (const input of batch) await this.#look(input, SHRINKINGS)
    }
  }

  #next(): Uint8Array {
    const { kept } = this
    const pick = () => kept[this.#random.below(kept.length)] ?? new Uint8Array()
    // The latest findings lead to new ones most often.
    const last = kept[kept.length - 1 - this.#random.below(Math.min(kept.length, 8))]
    const from = this.#random.below(3) === 0 ? (last ?? pick()) : pick()
    return mutate(from, { random: this.#random, words: this.#around.words, other: pick })
  }

  /** True if any of these reached a new place or a new result. */
  async #isTelling(batch: readonly Uint8Array[]): Promise<boolean> {
    const began = cpuTime()
    let isNew = false
    for (const input of batch) isNew = (await this.#feed(input)) || isNew
    const isSlow = cpuTime() - began > MOST_CPU
    const ran = this.#around.coverage.take()
    return isNew || isSlow || this.#around.coverage.newIn(ran).length > 0
  }

  /** Runs one input alone, and keeps it where it is new. */
  async #look(input: Uint8Array, shrinkings: number): Promise<void> {
    const { coverage, found } = this.#around
    const began = cpuTime()
    const isNew = await this.#feed(input, true)
    const took = cpuTime() - began
    if (took > MOST_CPU) found({ input, error: `Took ${Math.round(took)} ms of CPU` })
    const ran = coverage.take()
    const spots = coverage.newIn(ran)
    if (!isNew && spots.length === 0) return
    coverage.add(ran)
    this.kept.push(isNew ? input : await this.#shrunk(input, spots, shrinkings))
  }

  /** A shorter input that comes to the same new places. */
  async #shrunk(input: Uint8Array, spots: readonly Spot[], shrinkings: number): Promise<Uint8Array> {
    let best = input
    for (let attempt = 0; attempt < shrinkings && best.length > 1; attempt++) {
      const at = this.#random.below(best.length)
      const length = 1 + this.#random.below(Math.max(1, (best.length - at) >> this.#random.below(4)))
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + length)])
      await this.#feed(shorter)
      if (covers(this.#around.coverage.take(), spots)) best = shorter
    }
    return best
  }

  /** True if the result is of a new kind. */
  async #feed(input: Uint8Array, counts = false): Promise<boolean> {
    this.executions++
    this.#around.before(input)
    try {
      const returned = this.#target.run(input)
      const result = typeof returned === 'string' ? returned : await returned
      const isNew = !this.#results.has(result)
      if (counts) this.#results.add(result)
      return isNew
    } catch (thrown) {
      this.#around.found({ input, error: inspect(thrown) })
      return false
    }
  }
}

const covers = (ran: Ran, spots: readonly Spot[]): boolean => spots.every(({ url, at }) => ran.get(url)?.[at] === 1)

/** Milliseconds. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
