/** One reader or parser, and what must hold for whatever bytes it is given. */
export interface Target {
  /** Lower case, with dashes. */
  readonly name: string
  /** The source files whose coverage is measured, by their path from the root. */
  readonly covers: RegExp
  /** Inputs to begin with. */
  readonly seeds: readonly string[]
  /**
   * Feeds one input and checks what comes of it. Throws where something does not hold.
   *
   * @returns a word for the kind of the result: an input that brings a new word is kept. There must not be many.
   */
  run(input: Uint8Array): string | Promise<string>
  /** Inputs that hold a hostile text where it is read. Default: the text alone. */
  around?(hostile: string): readonly string[]
}

/** Parts of an input are separated by this control character, which none of the formats knows. */
export const BETWEEN = '\x1e'

const decoder = new TextDecoder()

/** The input as the engine would decode it. */
export const textOf = (input: Uint8Array): string => decoder.decode(input)

/** The parts of an input; those that it lacks are empty. */
export function partsOf(input: Uint8Array, count: number): string[] {
  const parts = textOf(input).split(BETWEEN)
  return Array.from({ length: count }, (_, at) => parts[at] ?? '')
}

/** Makes an input of its parts. */
export const joined = (...parts: readonly string[]): string => parts.join(BETWEEN)

/** @throws {Error} unless it holds, with what was seen as its cause. */
export function ensure(condition: boolean, what: string, seen?: unknown): asserts condition {
  if (!condition) throw new Error(`Does not hold: ${what}`, { cause: seen })
}
