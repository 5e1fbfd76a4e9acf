import { afterFirst, isCredentialName, secretsOfUrl } from './credentials.ts'

/** Names that mean a credential only in headers: in bodies and queries such words name anything. */
const CREDENTIAL_HEADER =
  /macaroon|hmac|oidc|wsse|saml|crumb|[cx]srf|protection-bypass|origin-verify|honeycomb-team|(?:^|[-_])(?:dpop|t?otp|2fa|mfa|auth|authentication|bearer|pass|pw|psk|pin|sid|sign|ticket|jw[se])(?:-code)?$/i
const KEY = /[-_]key(?:-\d)?$/i
/** Keys that are no credentials: they are identifiers. */
const KEY_OF_THINGS =
  /(?:idempoten\w*|dedup\w*|unique|request|transaction|cache|surrogate|partition|routing|object|public|websocket)[-_]key/i

/** Values that are credentials in a header of any name: one behind its scheme, and a web token. */
const CREDENTIAL_VALUE = /^\s*(?:(?:bearer|basic|negotiate|ntlm)\s+[\w.~+/=-]{8,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)\s*$/i

/** True for a header that contains a credential: by its name, by its form, or in a URL. */
export const isCredentialHeader = (name: string, value: string): boolean =>
  isCredentialName(name) ||
  CREDENTIAL_HEADER.test(name) ||
  CREDENTIAL_VALUE.test(value) ||
  (KEY.test(name) && !KEY_OF_THINGS.test(name)) ||
  (value.includes('://') && secretsOfUrl(value).length > 0)

/** Parts of an `Authorization` header that are no secrets. */
const OPEN_PARTS = /^(username|realm|uri|qop|algorithm|nc|signedheaders|oauth_version|oauth_signature_method|version)$/i

/**
 * The credentials in a caller's headers, also in headers that `fetch` would refuse; `more` names those that only the vendor knows.
 */
export function secretsOfHeaders(headers: HeadersInit | undefined, more: readonly string[] = []): readonly string[] {
  return pairsOf(headers).flatMap(([given, shown]) => {
    const [name, value] = [String(given).toLowerCase(), String(shown)]
    // Most likely a whole line, as curl takes it, which the error of fetch quotes.
    if (NO_NAME.test(name)) return [String(given)]
    if (!isCredentialHeader(name, value) && !more.some((one) => one.toLowerCase() === name)) return []
    if (value.includes('://')) return [...secretsOfUrl(value), value.trim()]
    if (name === 'cookie') return value.split(/;\s*/).flatMap((pair) => bareAndQuoted(afterFirst(pair, '=')))
    return name.endsWith('authorization') || CREDENTIAL_VALUE.test(value)
      ? secretsOfAuthorization(value)
      : secretsOfList(value.trim())
  })
}

/** A sign that the name of a header has not: RFC 9110, section 5.6.2. */
const NO_NAME = /[^\w!#$%&'*+.^`|~-]/

/** The names and values of headers. Not by `Headers`, whose error for an invalid value quotes it. */
function pairsOf(headers: HeadersInit | null | undefined): readonly (readonly unknown[])[] {
  if (headers === undefined || headers === null) return []
  if (typeof headers === 'string') return [[headers]]
  if (!(Symbol.iterator in headers)) return Object.entries(headers)
  return [...(headers as Iterable<unknown>)].map((pair) => (Array.isArray(pair) ? pair : [pair]))
}

/** Parts of such a header. A name is matched only from its first character, or a long token would take quadratic time. */
const PARTS = /(?<![\w-])([\w-]+)=("[^"]*"|[^,\s]+)/g

/** `Basic abc` may come back whole, as `abc`, or as the password in it; AWS4, Digest and OAuth have parts by name. */
function secretsOfAuthorization(value: string): string[] {
  const [scheme = '', ...rest] = value.trim().split(/\s+/)
  const token = value.trim().slice(scheme.length).trim()
  if (/^basic$/i.test(scheme)) return [token, ...passwordIn(token)]
  const parts = [...token.matchAll(PARTS)]
    .filter(([, name = '']) => !OPEN_PARTS.test(name))
    .flatMap(([, , part = '']) => bareAndQuoted(part))
    // The identifier of a key comes before its scope.
    .flatMap((part) => (part.includes('/') ? [part, part.slice(0, part.indexOf('/'))] : [part]))
  return [rest.length === 0 ? value : token, ...rest.slice(-1), ...parts]
}

function passwordIn(token: string): string[] {
  try {
    const bytes = Uint8Array.from(atob(token), (sign) => sign.charCodeAt(0))
    return [afterFirst(new TextDecoder().decode(bytes), ':')]
  } catch {
    return []
  }
}

/** One credential or several, each perhaps behind its scheme: a server may repeat one without the rest. */
function secretsOfList(value: string): string[] {
  const words = value.split(/[\s,]+/)
  return [...bareAndQuoted(value), ...(words.length > 1 ? words.filter((word) => MAY_BE_SECRET.test(word)) : [])]
}

/** Not a short word of letters alone, which stands in any text. */
const MAY_BE_SECRET = /.{8}|[^a-z]/i

const bareAndQuoted = (value: string): string[] =>
  value.startsWith('"') && value.endsWith('"') && value.length > 1 ? [value.slice(1, -1)] : [value]
