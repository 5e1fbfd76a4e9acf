/** The reason why a call ends in failure. */
export type FailReason =
  | 'fatal'
  | 'unlisted'
  | 'auth'
  | 'login-failed'
  | 'session-rejected'
  | 'conflict'
  | 'attempts'
  | 'deadline'
  | 'max-wait'
  | 'body-not-replayable'
  | 'not-repeatable'
  | 'untrusted-host'
  | 'host-bound'
  | 'too-many-hops'
  | 'settled'
  | 'nested'
  | RefusalReason

/** The reason why a request was not sent. */
export type RefusalReason = WaitReason | 'queue-full' | 'closed'

/**
 * The reason why a call waits for its turn: the circuit is open, the server asked for a pause, it takes no more requests, or
 * the retry budget is empty.
 */
export type WaitReason = 'circuit-open' | 'paused' | 'limited' | 'budget'

/** The next step after a verdict, and the reason for it. */
export type Decision =
  | { readonly do: 'return'; readonly reason: 'fine' | 'achieved' }
  | { readonly do: 'wait'; readonly ms: number; readonly reason: 'server-hint' | 'back-off' }
  | { readonly do: 'renew'; readonly reason: 'session-rejected' }
  | { readonly do: 'reroute'; readonly host: string; readonly reason: 'named-host' | 'next-endpoint' }
  | { readonly do: 'ask'; readonly reason: 'conflict' }
  | { readonly do: 'fail'; readonly reason: FailReason; readonly retryAfter?: number }
