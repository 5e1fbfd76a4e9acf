/** Milliseconds by which the clocks of a service and of the servers in front of it may differ. */
export const CLOCK_SLACK = 2_000

/**
 * Milliseconds since the epoch of a time as OpenStack services write it: `2017-04-18T01:21:52.701973`, in UTC and without
 * a zone, as oslo.utils' `timeutils.utcnow` makes it. `undefined` for anything else.
 */
export function utcOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const ms = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
  return Number.isNaN(ms) ? undefined : ms
}

/**
 * Milliseconds since the epoch by the server's clock, from the `Date` of its reply in whole seconds, or by our own clock if it has
 * none.
 */
export function serverTime(headers: Headers): number {
  const ms = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(ms) ? Date.now() : ms
}
