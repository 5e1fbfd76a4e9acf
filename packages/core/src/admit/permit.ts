/** The permission for one request. Its result counts only while the circuit has the state in which it was given. */
export interface Permit {
  readonly epoch: number
  /** Monotonic milliseconds at which a probe's place is given to another; absent for a permit that is no probe's. */
  readonly until: number | undefined
}

/** The permit of a key without a circuit. */
export const UNGUARDED: Permit = Object.freeze({ epoch: -1, until: undefined })

/** The permit of a request that is sent although the circuit is open: only its success counts. */
export const BYPASS: Permit = Object.freeze({ epoch: Number.POSITIVE_INFINITY, until: 0 })
