/** One figure with its goal. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** At most. */
  readonly goal: number | null
  readonly holds: boolean | null
}

/** A figure with an upper limit, if there is one. */
export const rowOf = (figure: Omit<Row, 'goal' | 'holds'>, goal: number | undefined): Row => ({
  ...figure,
  goal: goal ?? null,
  holds: goal === undefined ? null : figure.value <= goal,
})
