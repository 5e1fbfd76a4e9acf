import { isNumericSecretName, isSecretName } from './secret-names.ts'
import { MOST_SEARCHED, secretsInText } from './secrets-in-text.ts'

const DEEPEST = 32
/** Most values of a body that are searched: more than JSON of the most characters can have. */
const MOST_VALUES = MOST_SEARCHED
/** Members that contain the secret itself, if the object has a secret's name. */
const CONTENT = /^(?:values?|data|contents?|text|plain|raw)$/i
/** Members of pairs that contain the name or type of the other member. */
const PAIR_NAMES = ['key', 'name', 'id', 'label', 'type']
const PAIR_VALUES = /^(?:val(?:ues?)?|default|content)$/i
/** Names of maps in which each value is a secret. */
const MAP_OF_SECRETS = /(?:passwords|secrets|tokens|passphrases|cookies)$/i
/** Objects whose identifier is itself the secret. */
const BEARER = /(?:token|session|ticket)$/i

/**
 * The secrets in a body of JSON, of a form or of XML: see {@link namedSecrets}.
 *
 * @param also names under which every text is a secret, too.
 */
export function secretsInBody(body: string | undefined, also?: RegExp): string[] {
  if (body === undefined || body === '') return []
  const document = parsed(body)
  if (document !== undefined) return namedSecrets(document, also)
  const form = /^[^\s<>{}]+$/.test(body) && body.includes('=') ? [...new URLSearchParams(body)] : []
  const fields = [...form, ...fieldsOfParts(body)].flatMap(([name, value]) => namedSecrets({ [name]: value }, also))
  return [...new Set([...fields, ...secretsInText(body)])].filter((secret) => secret !== '')
}

/** The fields of a form with parts, such as a `FormData` is sent as: RFC 7578. */
function fieldsOfParts(body: string): (readonly [name: string, value: string])[] {
  const [, boundary] = /^\s{0,8}(--[^\r\n]{1,72})\r?\n/.exec(body) ?? []
  if (boundary === undefined) return []
  return body.split(boundary).flatMap((part) => {
    const start = /\r?\n\r?\n/.exec(part)
    const head = part.slice(0, start?.index ?? 0)
    const [, name] = /\bname="?([^";\r\n]{1,200})/i.exec(head) ?? []
    return start === null || name === undefined
      ? []
      : [[name, part.slice(start.index + start[0].length).replace(/\r?\n$/, '')] as const]
  })
}

/**
 * The secrets in a value: members with a name such as `password`, `client_secret` or `adminPass`, also in pairs of a name and a
 * value and in texts that are JSON themselves; and secrets by their form: a password in a URL or a command, a private key, a web
 * token. They are recognized without a vendor.
 *
 * @param also names under which every text is a secret, too.
 */
export function namedSecrets(value: unknown, also?: RegExp): string[] {
  const found = new Set<string>()
  collect(value, { name: '', isSecret: false, isAll: false }, { found, also, left: MOST_VALUES }, DEEPEST)
  found.delete('')
  return [...found]
}

/** The place of a value, and what follows from it. */
interface Place {
  readonly name: string
  readonly isSecret: boolean
  /** True if every text below is a secret. */
  readonly isAll: boolean
}

interface Search {
  readonly found: Set<string>
  readonly also: RegExp | undefined
  left: number
}

function collect(value: unknown, place: Place, search: Search, depth: number): void {
  if (search.left-- <= 0) return
  if (typeof value === 'string') return collectText(value, place, search, depth)
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (place.isAll || (place.isSecret && isNumericSecretName(place.name))) addNumber(String(value), search)
    return
  }
  if (typeof value !== 'object' || value === null || depth === 0) return
  if (Array.isArray(value)) {
    // Of other lists, the words may be fields or steps of a path.
    const isPair = /headers$/i.test(place.name) && value.length === 2 && namesSecret(value[0])
    for (const [at, item] of value.entries())
      collect(item, isPair && at === 1 ? { ...place, isSecret: true } : place, search, depth - 1)
  } else collectMembers(value, place, search, depth)
}

/** Fewest digits of a secret: shorter numbers are in any text by chance. */
const addNumber = (digits: string, { found }: Search): void => void (digits.length >= 4 && found.add(digits))

function collectText(text: string, { isSecret, isAll }: Place, search: Search, depth: number): void {
  if (isSecret || isAll) search.found.add(text)
  for (const secret of secretsInText(text)) search.found.add(secret)
  const document = depth > 0 ? parsed(text) : undefined
  if (document !== undefined) collect(document, { name: '', isSecret: false, isAll: false }, search, depth - 1)
}

function collectMembers(object: object, { name: own, isSecret, isAll }: Place, search: Search, depth: number): void {
  const members = Object.entries(object)
  const isPair = members.some(([name, item]) => PAIR_NAMES.includes(name) && namesSecret(item))
  // Kubernetes API, Secret v1: in its maps everything is secret, under names that its owner chooses.
  const isOfKubernetes = 'kind' in object && object.kind === 'Secret'
  for (const [name, item] of members) {
    const isContent =
      isSecret && (CONTENT.test(name) || MAP_OF_SECRETS.test(own) || (name === 'id' && BEARER.test(own)))
    const place = {
      name,
      isSecret: isSecretName(name) || isContent || (isPair && PAIR_VALUES.test(name)),
      isAll: isAll || search.also?.test(name) === true || (isOfKubernetes && /^(?:data|stringData)$/.test(name)),
    }
    collect(item, place, search, depth - 1)
  }
}

const namesSecret = (name: unknown): boolean => typeof name === 'string' && isSecretName(name)

/** Parses JSON; `undefined` for a text that is no JSON, or only a word or a number. */
function parsed(text: string): unknown {
  // A text that was cut off is not parsed.
  const whole = text.trim()
  if (!(whole.startsWith('{') ? whole.endsWith('}') : whole.startsWith('[') && whole.endsWith(']'))) return undefined
  try {
    return JSON.parse(text, LONG_NUMBER.test(text) ? keepDigits : undefined)
  } catch {
    return undefined
  }
}

/** A number that may lose digits when it is parsed. */
const LONG_NUMBER = /\d{16}/

/** A whole number that JavaScript would round, as it was written. Older runtimes do not give its text. */
const keepDigits = (_: string, value: unknown, written?: { readonly source?: string }): unknown =>
  typeof value === 'number' && /^-?\d{16,}$/.test(written?.source ?? '') ? BigInt(written?.source ?? 0) : value
