import type { Session } from '../contract/session.ts'

/** A session this near its end is renewed before it is used; a short one in its last quarter. */
const EXPIRY_MARGIN = 30_000

/**
 * The time at which a session is renewed, in milliseconds since the epoch. A session that is over before it began comes
 * from a server with another clock: its 401 will tell when it ends.
 */
export function refreshTimeOf({ expiresAt }: Session, now: number): number {
  const lifetime = (expiresAt ?? 0) - now
  return expiresAt === undefined || lifetime <= 0
    ? Number.POSITIVE_INFINITY
    : expiresAt - Math.min(EXPIRY_MARGIN, lifetime / 4)
}
