/** Names of headers, parameters and members that commonly hold credentials. This is the only definition of a credential. */
const CREDENTIAL =
  /authori[sz]ation|cookie|token|secret|passw|passphrase|passcode|pwd|(?:api|app|access|auth|private|encryption(?:[-_]customer)?|subscription|functions|application|master|account)[-_]?key|signature|credential|session|sessid|jwt|assertion|^(?:sig|key|auth|pass|pin|otp)$/i

/** True for a name that credentials commonly have. */
export const isCredentialName = (name: string): boolean => CREDENTIAL.test(name)

/** Names of facts about a credential, such as its lifetime or type. */
const ABOUT = /(?:type|name|policy|time|timeout|ttl|age|limit|count|length|enabled|expire[sd]?|expiry|at|url|uri)$/i

/** True for the name of a parameter or member whose value is a credential. */
const isSecretParameter = (name: string): boolean => isCredentialName(name) && !ABOUT.test(name)

/** A URL that may be shown: without user information, query and fragment, which may all contain credentials. */
export function showableUrl(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null
    ? url.replace(/[?#].*$/s, '').replace(USER_INFORMATION, '$1')
    : parsed.origin === 'null'
      ? parsed.protocol
      : parsed.origin + parsed.pathname
}

const USER_INFORMATION = /^((?:[a-z][a-z\d+.-]*:?)?\/\/)[^/]*@/i
/** The same for an invalid URL, for instance with a slash in its password, which ends the host too early. */
const LONG_INFORMATION = /^((?:[a-z][a-z\d+.-]*:?)?\/\/)[^/:]*:.*@/is

/** Made once, because every observed call needs it. */
const HAS_PARTS = /[?#@;]/
const NONE: readonly string[] = Object.freeze([])

/**
 * The credentials in a URL, valid or not: its user information, and the parameters in its query, fragment and path with such names.
 */
export const secretsOfUrl = (url: string): readonly string[] => (HAS_PARTS.test(url) ? secretsAt(url, 0) : NONE)

/** Addresses do not lie deeper in the query of one another. */
const DEEPEST = 3

function secretsAt(url: string, depth: number): readonly string[] {
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url) ?? []
  const parameters = path.includes(';') ? path.split(/[;/]/).filter((part) => part.includes('=')) : []
  return [
    ...(url.includes('@') ? secretsOfUserInformation(url) : []),
    ...[...parameters, query, fragment].flatMap((pairs) => secretsOfPairs(pairs, depth)),
  ]
}

/** The user information, as a URL parser reads it, which accepts one slash for two and drops line breaks, and as it is written. */
function secretsOfUserInformation(url: string): readonly string[] {
  const parsed = URL.parse(url)
  const [information = ''] = (parsed === null && LONG_INFORMATION.exec(url)) || (USER_INFORMATION.exec(url) ?? [])
  const written = information.replace(/^.*?\/\//s, '').slice(0, -1)
  const password = written.includes(':') ? afterFirst(written, ':') : written
  const secrets = [password, parsed?.password || parsed?.username].map((secret) => percentDecoded(secret ?? ''))
  return [...new Set(secrets)].filter((secret) => secret !== '')
}

/** The credentials of a query, as they were meant; also those of an address in it. */
export function secretsOfPairs(pairs: string, depth = 0): readonly string[] {
  if (pairs === '') return []
  // Some servers accept a semicolon for an ampersand.
  const parts = pairs.includes(';') ? [...pairs.split('&'), ...pairs.split(/[&;]/)] : pairs.split('&')
  return parts.flatMap((pair) => {
    const [[name, value] = ['', '']] = new URLSearchParams(pair)
    if (isSecretParameter(name)) return [value]
    return depth < DEEPEST && value.includes('://') ? secretsAt(value, depth + 1) : []
  })
}

/** A text with its percent escapes decoded; unchanged if they are invalid. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The part of a text after the first separator; the whole text if there is none. */
export const afterFirst = (text: string, separator: string): string => text.slice(text.indexOf(separator) + 1)
