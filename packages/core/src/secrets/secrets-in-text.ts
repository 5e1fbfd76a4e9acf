import { secretsOfUrl } from './credentials.ts'
import { decodings } from './decodings.ts'
import { isSecretName } from './secret-names.ts'

/** Characters of a text that are searched. */
const LONGEST_READ = 65_536

// Each repetition is bounded, so that a long text takes linear time.
const URLS = /\b[a-z][a-z\d+.-]{0,20}:\/\/[^\s"'<>]+/gi
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----))+-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
// A false match is skipped as a whole, or each beginning within it would be tried again.
const WEB_TOKEN = /\beyJ(?:[\w-]{8,}\.[\w-]{8,}\.[\w-]*|[\w-]*)/g
const FOR_HEADER = /\b(?:bearer|basic)\s{1,8}([\w.~+/=-]{8,})/gi
const ASSIGNED = /([\w.-]{1,64})=(?:"([^"]*)"|'([^']*)'|([^\s;,&"'<>]+))/g
const FLAG = /(?<![\w-])--?([\w-]{1,64})\s{1,8}(?:"([^"]*)"|'([^']*)'|([^\s"'-]\S*))/g
const MEMBER = /["']([\w.-]{1,64})["']\s{0,8}:\s{0,8}(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g
const BEARER = /["']([\w.-]{1,64})["']\s{0,8}:\s{0,8}\{\s{0,8}["']id["']\s{0,8}:\s{0,8}["']([^"']+)/g
const LINE = /^[ \t-]{0,64}([\w.-]{1,64}):[ \t]{1,64}["']?([^\r\n]*?)["']?$/gm
const RPC_MEMBER = /<name>([^<]{1,80})<\/name>\s{0,64}<value>\s{0,64}(?:<string>)?([^<]+)</g
const ELEMENT = /<(?:\w{1,32}:)?([\w.-]{1,64})(?:\s[^<>]{0,200})?>\s{0,64}(?:<(?:\w{1,32}:)?Value>)?([^<]+)</gi

/** The secrets in a text by their form, without a name: in a URL, a command, a document; a key, a token. */
export function secretsInText(whole: string): string[] {
  const text = whole.slice(0, LONGEST_READ)
  return [
    ...(text.includes('://') ? secretsInUrls(text) : []),
    ...(text.includes('PRIVATE KEY') ? all(text, PRIVATE_KEY) : []),
    ...(text.includes('eyJ') ? all(text, WEB_TOKEN).filter((found) => found.includes('.')) : []),
    ...[...text.matchAll(FOR_HEADER)].map(([, secret = '']) => secret),
    ...(text.includes('=') ? named(text, ASSIGNED) : []),
    ...(text.includes('-') ? named(text, FLAG) : []),
    ...(text.includes(':')
      ? [...named(text, MEMBER), ...named(text, BEARER), ...(text.includes('\n') ? named(text, LINE) : [])]
      : []),
    ...(text.includes('</') ? inXml(text) : []),
  ].filter((secret) => secret !== '')
}

const all = (text: string, form: RegExp): string[] => [...text.matchAll(form)].map(([found]) => found)

const secretsInUrls = (text: string): string[] => all(text, URLS).flatMap(secretsOfUrl)

/** The values of members with a secret's name: the first group of the pattern is the name, one of the others the value. */
const named = (text: string, form: RegExp): string[] =>
  [...text.matchAll(form)].flatMap(([, name = '', ...values]) =>
    isSecretName(name) ? [values.find((value) => value !== undefined)?.trim() ?? ''] : [],
  )

const inXml = (text: string): string[] =>
  [...named(text, ELEMENT), ...named(text, RPC_MEMBER)].flatMap((secret) => decodings(secret).map((one) => one.text))
