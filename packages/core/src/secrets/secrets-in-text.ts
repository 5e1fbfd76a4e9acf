import { percentDecoded, secretsOfUrl } from './credentials.ts'
import { decodings } from './decodings.ts'
import { isSecretName } from './secret-names.ts'

/** Most characters of a text, or of a body, that are searched. */
export const MOST_SEARCHED = 1_048_576
/** Characters that are searched at once, and those by which two parts overlap: no pattern is tried on more. */
const PART = 65_536
const OVERLAP = 16_384

// Each repetition is bounded, so that a long text takes linear time.
const URLS = /\b[a-z][a-z\d+.-]{0,20}:\/\/[^\s"'<>]+/gi
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----))+-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
/** The beginning of a private key in base64, and the rest of that. */
const KEY_IN_BASE64 = /LS0tLS1CRUdJTi[\w+/-]+/g
// A false match is skipped as a whole, or each beginning within it would be tried again.
const WEB_TOKEN = /\beyJ(?:[\w-]{8,}\.[\w-]{8,}\.[\w-]*|[\w-]*)/g
/** Tokens by the beginnings that GitHub, GitLab, Slack and HashiCorp's Vault document for them. */
const ISSUED = /(?<![\w-])(?:gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|hv[bs]\.)[\w-]{16,}/g
const FOR_HEADER = /\b(?:bearer|basic)\s{1,8}([\w.~+/=-]{8,})/gi
const ASSIGNED = /([\w.-]{1,64})[ \t]{0,8}=[ \t]{0,8}(?:"([^"]*)"|'([^']*)'|([^\s;,&"'<>]+))/g
const FLAG = /(?<![\w-])--?([\w-]{1,64})\s{1,8}(?:"([^"]*)"|'([^']*)'|([^\s"'-]\S*))/g
const MEMBER = /(?<![\w.-])["']?([\w.-]{1,64})["']?\s{0,8}:\s{0,8}(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g
const BEARER = /["']([\w.-]{1,64})["']\s{0,8}:\s{0,8}\{\s{0,8}["']id["']\s{0,8}:\s{0,8}["']([^"']+)/g
const LINE = /^[ \t-]{0,64}([\w.-]{1,64}):[ \t]{1,64}["']?([^\r\n]*?)["']?$/gm
/** A member of XML-RPC, and of a property list of Apple's. */
const RPC_MEMBER = /<(?:name|key)>([^<]{1,80})<\/(?:name|key)>\s{0,64}(?:<value>\s{0,64})?(?:<string>)?([^<]+)</g
const ELEMENT =
  /<(?:\w{1,32}:)?([\w.-]{1,64})(?:\s[^<>]{0,200})?>\s{0,64}(?:<(?:\w{1,32}:)?Value>)?(?:<!\[CDATA\[((?:[^\]]|\](?!\]>))+)|([^<]+)<)/gi
/** The password in a statement of SQL. */
const IN_SQL = /\b(?:password|identified\s{1,8}by)\s{1,8}'([^']+)'/gi

/** The secrets in a text by their form, without a name: in a URL, a command, a document; a key, a token. */
export function secretsInText(text: string): string[] {
  if (text.length <= PART) return secretsInPart(text)
  const found = new Set<string>()
  for (let start = 0; start < Math.min(text.length, MOST_SEARCHED); start += PART - OVERLAP)
    for (const secret of secretsInPart(text.slice(start, start + PART))) found.add(secret)
  return [...found]
}

function secretsInPart(text: string): string[] {
  return [
    ...(text.includes('://') ? secretsInUrls(text) : []),
    ...(text.includes('PRIVATE KEY') ? all(text, PRIVATE_KEY) : []),
    ...(text.includes('LS0tLS1CRUdJTi') ? keysInBase64(text) : []),
    ...all(text, ISSUED),
    ...(text.includes("'") ? matchesIn(text, IN_SQL).map(([, secret = '']) => secret) : []),
    ...(text.includes('eyJ') ? all(text, WEB_TOKEN).filter((found) => found.includes('.')) : []),
    ...matchesIn(text, FOR_HEADER).map(([, secret = '']) => secret),
    ...(text.includes('=') ? named(text, ASSIGNED) : []),
    ...(text.includes('-') ? named(text, FLAG) : []),
    ...(text.includes(':')
      ? [...named(text, MEMBER), ...named(text, BEARER), ...(text.includes('\n') ? named(text, LINE) : [])]
      : []),
    ...(text.includes('</') ? inXml(text) : []),
  ].filter((secret) => secret !== '')
}

/** Most texts have none, for which `search` makes no iterator. */
const matchesIn = (text: string, form: RegExp): readonly RegExpExecArray[] =>
  text.search(form) < 0 ? NO_MATCHES : [...text.matchAll(form)]

const NO_MATCHES: readonly RegExpExecArray[] = []

const all = (text: string, form: RegExp): string[] => matchesIn(text, form).map(([found]) => found)

/** Signs that a secret may be in a URL. Most have none, and are not searched. */
const MAY_HOLD = /[?#@;%]|eyJ|gh[oprsu]_|github_pat_|glpat-|xox|hv[bs]\./
const NONE: readonly string[] = Object.freeze([])

/** The secrets in a URL: its credentials, and what its text shows once it is decoded, also in an address within its query. */
export function secretsOfAddress(url: string): readonly string[] {
  if (!MAY_HOLD.test(url)) return NONE
  const plain = percentDecoded(url.replaceAll('+', ' '))
  const texts = new Set([plain, percentDecoded(plain)].map((text) => text.replace(/[?#]/g, '\n')))
  return [...new Set([...secretsOfUrl(url), ...[...texts].flatMap(secretsInText)])]
}

function keysInBase64(text: string): string[] {
  return all(text, KEY_IN_BASE64).flatMap((found) => {
    const keys = all(textInBase64(found), PRIVATE_KEY)
    return keys.length === 0 ? [] : [found, ...keys]
  })
}

function textInBase64(text: string): string {
  try {
    return atob(text.slice(0, text.length - (text.length % 4)))
  } catch {
    return ''
  }
}

const secretsInUrls = (text: string): string[] => all(text, URLS).flatMap(secretsOfUrl)

/** The values of members with a secret's name: the first group of the pattern is the name, one of the others the value. */
const named = (text: string, form: RegExp): string[] =>
  matchesIn(text, form).flatMap(([, name = '', ...values]) =>
    isSecretName(name) ? [values.find((value) => value !== undefined)?.trim() ?? ''] : [],
  )

const inXml = (text: string): string[] =>
  [...named(text, ELEMENT), ...named(text, RPC_MEMBER)].flatMap((secret) => decodings(secret).map((one) => one.text))
