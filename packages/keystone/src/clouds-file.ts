import { isObject, type JsonObject, kindOf, nameInErrors, OptionsError } from '@holdfast/core/plugin'
import { type Document, isAlias, isMap, isScalar, parseDocument, visit } from 'yaml'

/** The text of a file, and its name in errors. */
export interface NamedText {
  readonly file: string
  readonly text: string
}

/**
 * Reads the clouds of a file.
 *
 * @throws {OptionsError} naming the file and the key at fault.
 */
export const cloudsIn = ({ file, text }: NamedText): JsonObject =>
  nameInErrors(`keystone: ${file}`, () => {
    const { clouds } = read(text)
    return clouds == null ? {} : mapping(clouds, 'clouds')
  })

/** A mapping. It may hold a secret, so the error does not show it. */
export function mapping(value: unknown, path: string): JsonObject {
  if (isObject(value)) return value
  throw new OptionsError(path, `must be a mapping, got ${kindOf(value)}.`)
}

/** A mapping laid over another one: mappings in both are merged, and anything else is replaced. */
export function merged(below: JsonObject, above: JsonObject): JsonObject {
  const entries = Object.entries(above).map(([key, value]) => {
    const replaced = Object.hasOwn(below, key) ? below[key] : undefined
    return [key, isObject(replaced) && isObject(value) ? merged(replaced, value) : value] as const
  })
  return { ...below, ...Object.fromEntries(entries) }
}

function read(text: string): JsonObject {
  // Every value is read as text: a password of digits, a project that begins with a zero, a name like `no`.
  const document: Document = parseDocument(text, {
    schema: 'failsafe',
    merge: true,
    prettyErrors: true,
    // A warning would quote what it warns of.
    logLevel: 'error',
  })
  const [error] = document.errors
  if (error !== undefined) {
    // Its own message would quote the lines around, which may hold a password.
    const line = error.linePos?.[0].line
    throw new OptionsError('', `must be YAML, got ${error.code}${line === undefined ? '' : ` in line ${line}`}.`)
  }
  if (document.contents === null) return {}
  if (!isMap(document.contents)) throw new OptionsError('', 'must be a mapping.')
  return valuesOf(document)
}

function valuesOf(document: Document): JsonObject {
  let values: unknown
  try {
    values = prepare(document) ? document.toJS() : undefined
  } catch {
    throw new OptionsError('', 'cannot be read: an alias points to nothing, or to too much.')
  }
  if (values === undefined) throw new OptionsError('', 'must have texts for keys.')
  return mapping(values, '')
}

/** Removes the value of each plain null. Returns true if every key is a text. */
function prepare(document: Document): boolean {
  let keyed = true
  visit(document, {
    Pair(_, { key }) {
      keyed &&= key === null || isScalar(isAlias(key) ? key.resolve(document) : key)
    },
    Scalar(at, node) {
      const isPlain = at !== 'key' && node.type === 'PLAIN' && node.tag === undefined
      if (isPlain && /^(?:~|null|Null|NULL)$/.test(node.source ?? '')) node.value = null
    },
  })
  return keyed
}
