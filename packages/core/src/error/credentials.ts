/** Names of headers, parameters and members that commonly hold credentials. The one definition of a credential. */
const CREDENTIAL =
  /authori[sz]ation|cookie|token|secret|passw|passphrase|pwd|api[-_]?key|access[-_]?key|signature|credential|session|jwt|^(sig|key|auth)$/i
/** Parts of an `Authorization` header that name things openly. */
const OPEN_PARTS = /^(username|realm|uri|qop|algorithm|nc|opaque|signedheaders|access|oauth_version|version)$/i

/** True for a name under which credentials are commonly shown. */
export const isCredentialName = (name: string): boolean => CREDENTIAL.test(name)

/** A URL that may be shown: without user information, query and fragment, which may all hold credentials. */
export function showableUrl(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null
    ? url.replace(/[?#].*$/s, '')
    : parsed.origin === 'null'
      ? parsed.protocol
      : parsed.origin + parsed.pathname
}

/** The credentials that a caller shows in headers; `more` names those that only the vendor knows. */
export function secretsOfHeaders(headers: Headers, more: readonly string[]): string[] {
  const named = [...headers].filter(
    ([name]) => isCredentialName(name) || more.some((one) => one.toLowerCase() === name),
  )
  return named.flatMap(([name, value]) => {
    if (name === 'cookie') return value.split(/;\s*/).flatMap((pair) => bareAndQuoted(afterFirst(pair, '=')))
    return name.endsWith('authorization') ? secretsOfAuthorization(value) : [value]
  })
}

/** The credentials of a query: as they were sent, and as they were meant. */
export function secretsOfQuery(query: string): string[] {
  return query.split('&').flatMap((pair) => {
    const [[name, value] = ['', '']] = new URLSearchParams(pair)
    return isCredentialName(name) ? [afterFirst(pair, '='), value] : []
  })
}

/** The user information of a URL: name and password. */
export function secretsOfUrl(url: string): string[] {
  const { password = '', username = '' } = URL.parse(url) ?? {}
  return password === '' ? (username === '' ? [] : [decoded(username)]) : [decoded(password)]
}

/** `Basic abc` may come back whole, as `abc`, or as the password in it; AWS4, Digest and OAuth have parts by name. */
function secretsOfAuthorization(value: string): string[] {
  const [scheme = '', ...rest] = value.split(' ')
  const token = rest.join(' ')
  if (/^basic$/i.test(scheme)) return [token, ...passwordIn(token)]
  const parts = [...token.matchAll(/([\w-]+)=("[^"]*"|[^,\s]+)/g)]
    .filter(([, name = '']) => !OPEN_PARTS.test(name))
    .flatMap(([, , part = '']) => bareAndQuoted(part))
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

const bareAndQuoted = (value: string): string[] =>
  value.startsWith('"') && value.endsWith('"') && value.length > 1 ? [value.slice(1, -1)] : [value]

const afterFirst = (text: string, separator: string): string => text.slice(text.indexOf(separator) + 1)

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
