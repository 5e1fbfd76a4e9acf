/**
 * Reads when a server wants to be asked again: `retry-after-ms`, `x-ms-retry-after-ms`, then `retry-after` in seconds
 * or as a date in any of HTTP's three spellings.
 *
 * @returns milliseconds; 0 for "now" or a date that has passed; `undefined` for no hint or an unreadable one.
 */
export function retryAfter(headers: Headers, date: () => number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const ms = nonNegative(headers.get(name))
    if (ms !== undefined) return ms
  }
  const value = headers.get('retry-after')?.trim()
  if (value === undefined || value === '') return undefined
  const seconds = nonNegative(value)
  if (seconds !== undefined) return seconds * 1_000
  if (!HTTP_DATE.test(value)) return undefined
  const at = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`)
  if (Number.isNaN(at)) return undefined
  // The server's own clock, where it shows it: ours may be minutes off.
  const sent = Date.parse(headers.get('date') ?? '')
  return Math.max(0, at - (Number.isNaN(sent) ? date() : sent))
}

const nonNegative = (value: string | null | undefined): number | undefined =>
  value != null && /^\s*\d+(\.\d*)?\s*$/.test(value) ? Number(value) : undefined

// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
const HTTP_DATE =
  /^[A-Z][a-z]+(, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT| [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/
