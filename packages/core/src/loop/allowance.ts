import type { Call } from './call.ts'

/** Milliseconds that a call gives its first attempt. */
const full = ({ timeout, until, started }: Call): number => Math.min(timeout, until - started)

/**
 * Milliseconds without which no attempt is worth sending: it would be given up while the server works, and what was
 * surely not done would perhaps be done. A tenth of what the first attempt has, and a second at most.
 */
export const leastTime = (call: Call): number => Math.min(1_000, full(call) / 10)

/** True where an attempt begun then had so little of its time left that a time-out says nothing about the service. */
export const isCutShort = (call: Call, began: number): boolean =>
  Math.min(call.timeout, call.until - began) < full(call) / 2
