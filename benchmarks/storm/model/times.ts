/** Milliseconds for one attempt. */
export const ATTEMPT_TIME = 5_000
/** Milliseconds that a caller waits for a result. */
export const PATIENCE = 60_000
