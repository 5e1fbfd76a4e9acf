import { systemClock } from '../contract/clock.ts'

/** The unit that a number is given in. */
type Unit = 's' | 'ms'

/**
 * Reads the wait that a server asks for: `retry-after-ms` and `x-ms-retry-after-ms`, and `retry-after` in seconds or as a date
 * in any of HTTP's three formats. Of several, the longest counts: a proxy may have added one to the service's.
 *
 * @returns milliseconds; 0 for "now" or a date that has passed; `undefined` for no hint or an unreadable one.
 */
export function retryAfter(headers: Headers): number | undefined {
  const inMs = [headers.get('retry-after-ms'), headers.get('x-ms-retry-after-ms')]
  const inSeconds = headers.get('retry-after')
  if (inSeconds === null && inMs.every((value) => value === null)) return undefined
  const now = serverTime(headers)
  const delays = [...inMs.map((value) => longest(value, 'ms', now)), longest(inSeconds, 's', now)].filter(
    (ms) => ms !== undefined,
  )
  return delays.length === 0 ? undefined : Math.max(...delays)
}

/** The time by the server's `Date` header, else by our clock, which may be minutes off. Milliseconds since the epoch. */
export function serverTime(headers: Headers | undefined): number {
  const sent = Date.parse(headers?.get('date') ?? '')
  return Number.isNaN(sent) ? systemClock.date() : sent
}

/**
 * Reads a wait that is given as a number. A number that as a wait would mean decades is a time since the epoch.
 *
 * @param now milliseconds since the epoch.
 * @returns milliseconds, at most `Number.MAX_SAFE_INTEGER`; `undefined` for anything else.
 */
export function delay(text: string, unit: Unit, now: number): number | undefined {
  const value = nonNegative(text)
  if (value === undefined) return undefined
  const at =
    value >= 1e12 && value < 1e13 ? value : unit === 's' && value >= 1e9 && value < 1e10 ? value * 1_000 : undefined
  const ms = at === undefined ? value * (unit === 's' ? 1_000 : 1) : Math.max(0, at - now)
  return ms <= Number.MAX_SAFE_INTEGER ? ms : undefined
}

const longest = (value: string | null, unit: Unit, now: number): number | undefined =>
  longestOf(value, (item) => delay(item, unit, now) ?? (unit === 's' ? until(item, now) : undefined))

/** The longest of the waits in a header: two headers are read as one with a comma between, but a date contains a comma, too. */
export function longestOf(value: string | null, read: (item: string) => number | undefined): number | undefined {
  const times = (value ?? '').split(/(?<!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*),/).map((item) => read(item.trim()))
  return times.reduce((one, other) => (one === undefined || other === undefined ? undefined : Math.max(one, other)))
}

/** Milliseconds until a date in one of HTTP's three formats. */
export function until(date: string, now: number): number | undefined {
  const day = HTTP_DATE.test(date) ? /[, ](\d\d?)[ -]/.exec(date)?.[1] : undefined
  const at = Date.parse(date.endsWith('GMT') ? date : `${date} GMT`)
  // `Date` would take a day that the month does not have for one of the next month.
  return Number(day) === new Date(at).getUTCDate() ? Math.max(0, at - now) : undefined
}

const nonNegative = (value: string): number | undefined =>
  /^\s*\d+(\.\d*)?\s*$/.test(value) ? Number(value) : undefined

// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
const HTTP_DATE =
  /^[A-Z][a-z]+(, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT| [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/
