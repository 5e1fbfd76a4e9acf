const seconds: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 }

/** Longest window that is believed, in seconds. */
export const LONGEST_WAIT = 86_400

/** `limit:5,time:1 minute`, from the gateway. */
const ofGateway = /\btime: ?(\d{1,6}) ?(second|minute|hour|day)/i
/** `Threshold: 5 times per 60 seconds`, from the identity service. */
const ofIdentity = /\btimes per (\d{1,6}) ?(second|minute|hour|day)/i

/** The seconds of the window in a throttle's message, unless they are more than a day. */
export function windowIn(message: string): number | undefined {
  const [, count, unit] = ofGateway.exec(message) ?? ofIdentity.exec(message) ?? []
  if (count === undefined || unit === undefined) return undefined
  const window = Number(count) * (seconds[unit.toLowerCase()] ?? 1)
  return window > LONGEST_WAIT ? undefined : window
}
