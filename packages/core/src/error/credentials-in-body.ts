import { isSecretName, secretsOfPairs } from './credentials.ts'

/** Characters of a body that are looked through. */
const LONGEST = 1_048_576
/** Values of a body that are looked at, and credentials that are taken from it. */
const MOST_VALUES = 20_000
const MOST_SECRETS = 200
/** Smaller numbers stand in many texts. */
const SMALL = 10_000

/** The credentials that stand in a body of JSON, of a form or of XML under a name that says so. */
export function secretsOfBody(body: string | undefined): readonly string[] {
  if (body === undefined || body === '' || body.length > LONGEST) return []
  const start = body.trimStart().charAt(0)
  const found =
    start === '{' || start === '[' ? secretsOfJson(body) : start === '<' ? secretsOfXml(body) : secretsOfPairs(body)
  return found.slice(0, MOST_SECRETS)
}

/** The text fields of a form whose names say that they are credentials. */
export const secretsOfForm = (form: FormData): readonly string[] =>
  [...form].flatMap(([name, value]) => (typeof value === 'string' && isSecretName(name) ? [value] : []))

/** True for the name of a member that is a credential. `key` alone is what lists of pairs call their names. */
const isSecretMember = (name: string): boolean => isSecretName(name) && !/^key$/i.test(name)

/** A value under a name, and whether a name above it is a credential's. */
interface Named {
  readonly value: unknown
  readonly isSecret: boolean
}

function secretsOfJson(body: string): readonly string[] {
  let document: unknown
  try {
    document = JSON.parse(body)
  } catch {
    return []
  }
  const queue: Named[] = [{ value: document, isSecret: false }]
  const secrets: string[] = []
  for (let at = 0; at < queue.length && at < MOST_VALUES; at++) {
    const { value, isSecret } = queue[at] as Named
    if (Array.isArray(value)) for (const item of value.slice(0, MOST_VALUES)) queue.push({ value: item, isSecret })
    else if (typeof value === 'object' && value !== null) queue.push(...membersOf(value, isSecret))
    else if (isSecret && (typeof value === 'string' || (typeof value === 'number' && value >= SMALL)))
      secrets.push(String(value))
  }
  return secrets
}

/** Below a credential's name, only what is its content (`"token": {"id": …}`) is one. */
const membersOf = (value: object, isSecret: boolean): Named[] =>
  Object.entries(value)
    .slice(0, MOST_VALUES)
    .map(([name, item]) => ({
      value: item,
      isSecret: isSecretMember(name) || (isSecret && /^(?:id|value|text)$/i.test(name)),
    }))

// `<password>…</password>`, `password="…"`, and XML-RPC's `<name>password</name><value><string>…`. Each name is of
// bounded length, so that no place is looked at twice.
const ELEMENT = /<(?:[\w.-]{1,80}:)?([\w.-]{1,80})(?:\s[^<>]*)?>([^<]+)</g
const ATTRIBUTE = /\s(?:[\w.-]{1,80}:)?([\w.-]{1,80})=(?:"([^"<]*)"|'([^'<]*)')/g
const MEMBER = /<name>([^<]{1,80})<\/name>\s*<value>\s*(?:<string>)?([^<]+)</g

function secretsOfXml(body: string): readonly string[] {
  return [ELEMENT, ATTRIBUTE, MEMBER].flatMap((pattern) =>
    [...body.matchAll(pattern)].flatMap(([, name = '', value = '', other = '']) =>
      isSecretMember(name) ? [unescaped(value + other).trim()] : [],
    ),
  )
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

const unescaped = (text: string): string =>
  text.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0x10ffff ? whole : String.fromCodePoint(code)
  })
