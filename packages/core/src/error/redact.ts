/** What stands where a secret stood. */
const REDACTED = '[redacted]'
/** Shorter strings are left alone: they stand in any text by chance. */
const SHORTEST = 3
/** What stands for a value nested deeper than this. */
const TRUNCATED = '[…]'
const DEEPEST = 32
/** Names of headers and of query parameters that commonly hold credentials. */
const CREDENTIAL =
  /authori[sz]ation|cookie|token|secret|passw|passphrase|pwd|api[-_]?key|access[-_]?key|signature|credential|session|jwt|^(sig|key|auth)$/i

/** A URL that may be shown: without user information, query and fragment, which may all hold credentials. */
export function showableUrl(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null
    ? url.replace(/[?#].*$/s, '')
    : parsed.origin === 'null'
      ? parsed.protocol
      : parsed.origin + parsed.pathname
}

/** What a caller shows of credentials in the headers of his request; `more` names those that only the vendor knows. */
export function secretsOfHeaders(headers: Headers, more: readonly string[]): string[] {
  const named = [...headers].filter(([name]) => CREDENTIAL.test(name) || more.some((one) => one.toLowerCase() === name))
  return named.flatMap(([name, value]) => {
    if (name === 'cookie') return value.split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1))
    // `Basic abc` may come back whole or as `abc` alone.
    return name.endsWith('authorization') ? value.split(' ').slice(-1) : [value]
  })
}

/** What a caller shows of credentials in a query: as it was sent, and as it was meant. */
export function secretsOfQuery(query: string): string[] {
  return query.split('&').flatMap((pair) => {
    const [[name, value] = ['', '']] = new URLSearchParams(pair)
    return CREDENTIAL.test(name) ? [pair.slice(pair.indexOf('=') + 1), value] : []
  })
}

/** Replaces every secret in a text, in every spelling that a reply may give it. */
export function redact(text: string, secrets: readonly string[]): string {
  let shown = text
  // The longest first: one secret may stand within another.
  for (const secret of secrets.flatMap(spellings).toSorted((one, other) => other.length - one.length)) {
    shown = shown.replaceAll(secret, REDACTED)
  }
  return withoutBeginnings(shown, secrets)
}

/** Shorter beginnings of a secret stand at the end of a text by chance. */
const TELLING = 8

/** A text may have been cut off in the midst of a secret. */
const withoutBeginnings = (text: string, secrets: readonly string[]): string =>
  text.replace(/([^\s…]{8,})(…|$)/g, (all: string, tail: string, end: string) => {
    for (const secret of secrets) {
      for (let length = Math.min(secret.length - 1, tail.length); length >= TELLING; length--) {
        if (tail.endsWith(secret.slice(0, length))) return tail.slice(0, -length) + REDACTED + end
      }
    }
    return all
  })

/** A secret as it is, and as JSON, a URL and a form write it. */
function spellings(secret: string): string[] {
  if (secret.length < SHORTEST) return []
  const plain = secret.toWellFormed()
  const form = new URLSearchParams({ '': plain }).toString().slice(1)
  const escapes = [encodeURIComponent(plain), form]
  const lower = escapes.map((text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))
  const oneLine = secret.replace(/\s+/g, ' ')
  const inJson = [JSON.stringify(secret).slice(1, -1), ...inAscii(secret)]
  return [...new Set([secret, oneLine, ...inJson, ...escapes, ...lower, ...inXml(secret)])]
}

/** JSON as writers have it that keep to ASCII. */
function inAscii(secret: string): string[] {
  const escaped = JSON.stringify(secret)
    .slice(1, -1)
    .replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [escaped, escaped.replace(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`)]
}

/** How XML and HTML write what has a meaning there; but for the ampersand and what opens a tag each writer chooses. */
const ENTITIES: readonly (readonly [string, readonly string[]])[] = [
  ['&', ['&amp;']],
  ['<', ['&lt;']],
  ['>', ['>', '&gt;']],
  ['"', ['"', '&quot;', '&#34;']],
  ["'", ["'", '&apos;', '&#39;', '&#x27;']],
]

const inXml = (secret: string): string[] =>
  ENTITIES.filter(([sign]) => secret.includes(sign)).reduce(
    (texts, [sign, ways]) => ways.flatMap((way) => texts.map((text) => text.replaceAll(sign, way))),
    [secret],
  )

/** Replaces every secret in any value that came off the wire, and cuts it off where it goes too deep. */
export function redactAll(value: unknown, secrets: readonly string[], depth = DEEPEST): unknown {
  if (typeof value === 'string') return redact(value, secrets)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return TRUNCATED
  if (Array.isArray(value)) return value.map((item) => redactAll(item, secrets, depth - 1))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactAll(item, secrets, depth - 1)]))
}
