/**
 * Reads when a server wants to be asked again: `retry-after-ms` and `x-ms-retry-after-ms`, and `retry-after` in seconds
 * or as a date in any of HTTP's three spellings. Where it says so more than once, the longest stands: a proxy adds its
 * word to the service's.
 *
 * @returns milliseconds; 0 for "now" or a date that has passed; `undefined` for no hint or an unreadable one.
 */
export function retryAfter(headers: Headers, date: () => number): number | undefined {
  const seconds = longest(headers.get('retry-after'))
  const said = [
    longest(headers.get('retry-after-ms')),
    longest(headers.get('x-ms-retry-after-ms')),
    seconds === undefined ? dated(headers, date) : seconds * 1_000,
  ].filter((ms) => ms !== undefined)
  return said.length === 0 ? undefined : Math.max(...said)
}

/** A header that comes twice is read as one, with a comma between. */
function longest(value: string | null): number | undefined {
  const numbers = (value ?? '').split(',').map(nonNegative)
  return numbers.reduce((one, other) => (one === undefined || other === undefined ? undefined : Math.max(one, other)))
}

function dated(headers: Headers, date: () => number): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? ''
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
