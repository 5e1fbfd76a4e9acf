/** One number of a run. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
}

/** A group of figures that is measured in a process of its own, so that no other group has influenced its compiled code. */
export interface Part {
  readonly name: string
  readonly flags: readonly string[]
  readonly rounds: { readonly full: number; readonly quick: number }
  measure(rounds: number): Promise<readonly Figure[]>
}
