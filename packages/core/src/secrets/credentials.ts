/** Names of headers, parameters and members that commonly hold credentials. The one definition of a credential. */
const CREDENTIAL =
  /authori[sz]ation|cookie|token|secret|passw|passphrase|passcode|pwd|(?:api|app|access|auth|private|encryption(?:[-_]customer)?|subscription|functions|application|master|account)[-_]?key|signature|credential|session|jwt|assertion|^(?:sig|key|auth|pass|pin|otp)$/i

/** True for a name under which credentials are commonly shown. */
export const isCredentialName = (name: string): boolean => CREDENTIAL.test(name)

/** Names that only speak about a credential: how long it lasts, of which type it is. */
const ABOUT = /(?:type|name|policy|time|timeout|ttl|age|limit|count|length|enabled|expire[sd]?|expiry|at|url|uri)$/i

/** True for the name of a parameter or member whose value is a credential, and must not be told. */
const isSecretParameter = (name: string): boolean => isCredentialName(name) && !ABOUT.test(name)

/** A URL that may be shown: without user information, query and fragment, which may all hold credentials. */
export function showableUrl(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null
    ? url.replace(/[?#].*$/s, '').replace(USER_INFORMATION, '$1')
    : parsed.origin === 'null'
      ? parsed.protocol
      : parsed.origin + parsed.pathname
}

const USER_INFORMATION = /^((?:[a-z][a-z\d+.-]*:?)?\/\/)[^/]*@/i
/** The same of a URL that cannot be read: a slash in a password, say, ends the host before its time. */
const LONG_INFORMATION = /^((?:[a-z][a-z\d+.-]*:?)?\/\/)[^/:]*:.*@/is

/** Made once, for every call that is observed asks. */
const HAS_PARTS = /[?#@;]/
const NONE: readonly string[] = Object.freeze([])

/**
 * The credentials of a URL, whether it can be read or not: its user information, and what its query, its fragment and the
 * parameters in its path name so.
 */
export function secretsOfUrl(url: string): readonly string[] {
  if (!HAS_PARTS.test(url)) return NONE
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url) ?? []
  const parameters = path.includes(';') ? path.split(/[;/]/).filter((part) => part.includes('=')) : []
  return [
    ...(url.includes('@') ? secretsOfUserInformation(url) : []),
    ...[...parameters, query, fragment].flatMap(secretsOfPairs),
  ]
}

/** As a parser of URLs finds them, which takes one slash for two and leaves out ends of lines, and as they are written. */
function secretsOfUserInformation(url: string): readonly string[] {
  const parsed = URL.parse(url)
  const [information = ''] = (parsed === null && LONG_INFORMATION.exec(url)) || (USER_INFORMATION.exec(url) ?? [])
  const written = information.replace(/^.*?\/\//s, '').slice(0, -1)
  const password = written.includes(':') ? afterFirst(written, ':') : written
  const secrets = [password, parsed?.password || parsed?.username].map((secret) => percentDecoded(secret ?? ''))
  return [...new Set(secrets)].filter((secret) => secret !== '')
}

/** The credentials of a query or a form, as they were meant. */
export function secretsOfPairs(pairs: string): readonly string[] {
  if (pairs === '') return []
  // Some servers take a semicolon for an ampersand.
  const parts = pairs.includes(';') ? [...pairs.split('&'), ...pairs.split(/[&;]/)] : pairs.split('&')
  return parts.flatMap((pair) => {
    const [[name, value] = ['', '']] = new URLSearchParams(pair)
    return isSecretParameter(name) ? [value] : []
  })
}

/** A text without percent escapes; as it is, where it has others. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The part of a text behind the first separator; all of it where there is none. */
export const afterFirst = (text: string, separator: string): string => text.slice(text.indexOf(separator) + 1)
