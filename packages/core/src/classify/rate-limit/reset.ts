import { delay, longestOf, until } from '../retry-after.ts'

/** Longest time that is believed: 366 days, in milliseconds. Some limits reset each month. */
const ABSURD = 366 * 86_400_000

/**
 * Reads when a limit resets: seconds, seconds or milliseconds since the epoch, a duration in Go's spelling (`1s`,
 * `6m0s`, `20ms`, as OpenAI sends it), a date of RFC 3339 (as Anthropic sends it), of ISO 8601 without seconds, or of HTTP.
 * Of several the latest counts.
 *
 * @param now milliseconds since the epoch, by the server's `Date` header if there is one.
 * @returns milliseconds from now; 0 for a time that has passed; `undefined` for a value that cannot be read or is too long.
 */
export function resetAfter(text: string | null, now: number): number | undefined {
  const ms = longestOf(
    text,
    (item) => delay(item, 's', now) ?? duration(item) ?? timestamp(item, now) ?? until(item, now),
  )
  return meant(ms)
}

/** A time; `undefined` if it is too long to be believed. */
export const meant = (ms: number | undefined): number | undefined => (ms !== undefined && ms <= ABSURD ? ms : undefined)

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

/** Milliseconds of a duration in Go's spelling; `undefined` for any other text. */
export function duration(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s))+$/.test(text)) return undefined
  const parts = [...text.matchAll(/([\d.]+)(h|ms|m|s)/g)]
  return parts.reduce((sum, [, value, unit = '']) => sum + Number(value) * (UNITS[unit] ?? 0), 0)
}

function timestamp(text: string, now: number): number | undefined {
  if (!/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
