const seconds: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 }

/** Seconds. No service means a longer wait, and no caller would keep it. */
export const LONGEST_WAIT = 86_400

/** `limit:5,time:1 minute`, as the gateway has it. */
const ofGateway = /\btime: ?(\d{1,6}) ?(second|minute|hour|day)/i
/** `Threshold: 5 times per 60 seconds`, as the identity service has it. */
const ofIdentity = /\btimes per (\d{1,6}) ?(second|minute|hour|day)/i

/** The seconds of the window that a message about throttling names, unless they are more than a day. */
export function windowIn(message: string): number | undefined {
  const [, count, unit] = ofGateway.exec(message) ?? ofIdentity.exec(message) ?? []
  if (count === undefined || unit === undefined) return undefined
  const window = Number(count) * (seconds[unit.toLowerCase()] ?? 1)
  return window > LONGEST_WAIT ? undefined : window
}
