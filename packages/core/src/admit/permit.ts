/** A place among the requests let through: a result counts only while the circuit is as it was when it was given. */
export interface Permit {
  readonly epoch: number
  /** Time at which a probe's place is given to the next, in monotonic milliseconds. */
  readonly until: number | undefined
}

/** The permit of a key without a circuit. */
export const UNGUARDED: Permit = Object.freeze({ epoch: -1, until: undefined })

/** The permit of one that goes although the circuit is open: only its success counts. */
export const KNOCK: Permit = Object.freeze({ epoch: Number.POSITIVE_INFINITY, until: 0 })
