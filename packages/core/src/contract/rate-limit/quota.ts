/** The rest of a rate limit, as one reply tells of it. */
export interface Quota {
  /** Requests that are left; 0 where none is. Absent where the reply says only when the limit begins anew. */
  readonly remaining: number | undefined
  /** Milliseconds until the limit begins anew; absent where the reply does not say. */
  readonly resetAfter: number | undefined
  /** Requests that the limit then allows. */
  readonly limit: number | undefined
}
