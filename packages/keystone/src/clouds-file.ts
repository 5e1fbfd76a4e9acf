import { isObject, type JsonObject, kindOf, nameInErrors, OptionsError } from '@holdfast/core/plugin'
import { type Document, isMap, isNode, LineCounter, parseDocument, visit } from 'yaml'
import { findBadKey } from './yaml.ts'

/** Most characters of a file: far more than any real one has. */
export const LONGEST_FILE = 1_048_576
/** Most brackets that may be open at a time. */
const DEEPEST = 200

/** The text of a file, and its name in errors. */
export interface NamedText {
  readonly file: string
  readonly text: string
}

/**
 * Reads the clouds of a file.
 *
 * @param key the key of the clouds.
 * @throws {OptionsError} naming the file and the key at fault.
 */
export const cloudsIn = ({ file, text }: NamedText, key = 'clouds'): JsonObject =>
  nameInErrors(`keystone: ${file}`, () => {
    const { [key]: clouds } = read(text)
    return clouds == null ? {} : mapping(clouds, key)
  })

/** A mapping. It may contain a secret, so the error does not show it. */
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
  if (text.length > LONGEST_FILE) throw new OptionsError('', `must be at most ${LONGEST_FILE} characters long.`)
  if (isDeep(text)) throw new OptionsError('', `must have at most ${DEEPEST} brackets in brackets.`)
  const lines = new LineCounter()
  const document = readable(() => parsed(text, lines))
  const [error] = document.errors
  // Its own message would quote the lines around, which may contain a password.
  if (error !== undefined) throw new OptionsError('', `must be YAML, got ${error.code}${lineOf(error.pos[0], lines)}.`)
  if (document.contents === null) return {}
  if (!isMap(document.contents)) throw new OptionsError('', 'must be a mapping.')
  const bad = readable(() => findBadKey(document))
  if (bad?.isText === false) throw new OptionsError('', 'must have texts for keys.')
  if (bad !== undefined) {
    const at = isNode(bad.key) ? bad.key.range?.[0] : undefined
    throw new OptionsError('', `must be YAML, got DUPLICATE_KEY${lineOf(at, lines)}.`)
  }
  return mapping(
    readable(() => valuesOf(document)),
    '',
  )
}

/** True if too many brackets are open at a time: the library uses a stack frame and a kilobyte of memory for each. */
function isDeep(text: string): boolean {
  let depth = 0
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1)
    if (depth > DEEPEST) return true
  }
  return false
}

const lineOf = (at: number | undefined, lines: LineCounter) =>
  at === undefined ? '' : ` in line ${lines.linePos(at).line}`

function readable<T>(run: () => T): T {
  try {
    return run()
  } catch {
    throw new OptionsError('', 'cannot be read: an alias points to nothing, or to too much, or it is too deep.')
  }
}

// Every value is read as a string: a password of digits, a project that begins with a zero, a name like `no`.
const parsed = (text: string, lineCounter: LineCounter): Document =>
  parseDocument(text, {
    schema: 'failsafe',
    merge: true,
    // Only the first error is shown, and there may be as many errors as characters.
    prettyErrors: false,
    lineCounter,
    // The library would compare every two keys of a mapping; `findBadKey` looks them up.
    uniqueKeys: false,
    // A warning would quote the file.
    logLevel: 'error',
  })

/** The values of a document. */
function valuesOf(document: Document): unknown {
  visit(document, {
    Scalar(at, node) {
      const isPlain = at !== 'key' && node.type === 'PLAIN' && node.tag === undefined
      if (isPlain && /^(?:~|null|Null|NULL)$/.test(node.source ?? '')) node.value = null
    },
  })
  // The values of aliases were counted before.
  return document.toJS({ maxAliasCount: -1 })
}
