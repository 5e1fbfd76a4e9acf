/** The rest of a rate limit, as one reply tells of it. */
export interface Quota {
  /** Requests that are left; 0 if none is. Absent if the reply says only when the limit resets. */
  readonly remaining: number | undefined
  /** Milliseconds until the limit resets; absent if the reply does not say. */
  readonly resetAfter: number | undefined
  /** Requests that the limit then allows. */
  readonly limit: number | undefined
}
