/** One reading of one contender in one round. */
export interface Sample {
  readonly contender: string
  readonly value: number
  /** Further readings of the same batch, by column name. */
  readonly extras: Readonly<Record<string, number>>
}

/** The readings of one round: every contender once. */
export type Round = readonly Sample[]

/** One comparison. Each suite runs in processes of its own, so that no other suite has influenced their compiled code. */
export interface Suite {
  readonly name: string
  readonly title: string
  readonly unit: string
  /** The contender by which the others are divided. */
  readonly baseline: string
  /** Counts rather than times: the spread is left out of the table. */
  readonly exact: boolean
  readonly rounds: { readonly full: number; readonly quick: number }
  /** Number of processes that share the rounds: compiled code differs from one process to the next. */
  readonly processes: { readonly full: number; readonly quick: number }
  readonly flags: readonly string[]
  run(rounds: number): Promise<readonly Round[]>
}
