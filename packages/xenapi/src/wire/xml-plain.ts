import { NOT_PLAIN, XmlCursor } from './xml-cursor.ts'
import { scalar } from './xml-scalar.ts'

/** Deepest nesting of elements here: less than the general parser accepts, which then decides. */
const MAX_DEPTH = 60

/**
 * Reads the value of an answer that is written as XAPI writes it: one parameter, no space between the tags, no comments, no
 * sections, no attributes, every name before its value. It does in one pass what the general parser does in many steps.
 *
 * @returns an empty list if the document is anything else or is not well formed.
 */
export function readPlainXml(text: string): readonly [value: unknown] | readonly [] {
  const reader = new PlainReader(text)
  try {
    return [reader.document()]
  } catch (thrown) {
    if (thrown === NOT_PLAIN) return []
    throw thrown
  }
}

/** A struct that was read: the next one with the same first name is likely to have the same others. */
interface Shape {
  readonly struct: Record<string, unknown>
  readonly members: readonly Opening[]
}

/** A name in a struct, and all characters from the value before it to its own value. */
interface Opening {
  readonly after: string
  readonly name: string
}

const LAST = '</value></member></struct>'

/** More members than any record has: a struct of that many is a list of records by their references. */
const MOST_MEMBERS = 200

class PlainReader {
  readonly #cursor: XmlCursor
  /** The shapes by their first name. */
  readonly #shapes = new Map<string, Shape>()

  constructor(text: string) {
    this.#cursor = new XmlCursor(text)
  }

  document(): unknown {
    this.#cursor.skip('<methodResponse><params><param><value>')
    const value = this.#content(3)
    this.#cursor.skip('</value></param></params></methodResponse>')
    if (!this.#cursor.isAtEnd()) throw NOT_PLAIN
    return value
  }

  /** Reads the content of a value element. */
  #content(depth: number): unknown {
    if (depth > MAX_DEPTH) throw NOT_PLAIN
    const next = this.#cursor.next()
    if (next === 'text') return this.#cursor.characters()
    return next === 'close' ? '' : this.#typed(depth + 1)
  }

  #typed(depth: number): unknown {
    const tag = this.#cursor.tag()
    if (tag === 'struct') return this.#struct(depth)
    if (tag === 'array') return this.#array(depth)
    const isEmpty = tag.endsWith('/')
    const type = isEmpty ? tag.slice(0, -1) : tag
    if (!SCALARS.has(type)) return emptyOf(tag)
    if (isEmpty) return scalar(type, '')
    const value = scalar(type, this.#cursor.characters())
    this.#cursor.skip(`</${type}>`)
    return value
  }

  #array(depth: number): unknown[] {
    const list: unknown[] = []
    if (this.#cursor.follows('<data/>')) {
      this.#cursor.skip('</array>')
      return list
    }
    this.#cursor.skip('<data>')
    while (this.#cursor.follows('<value>')) {
      list.push(this.#content(depth + 2))
      this.#cursor.skip('</value>')
    }
    this.#cursor.skip('</data></array>')
    return list
  }

  #struct(depth: number): Record<string, unknown> {
    if (this.#cursor.follows('</struct>')) return {}
    const start = this.#cursor.at
    const name = this.#name()
    const written = this.#cursor.from(start)
    const shape = this.#shapes.get(name)
    const value = this.#content(depth + 2)
    if (shape !== undefined) return this.#likely(shape, value, depth)
    const first = opening(written, name)
    return this.#others(put({}, first.name, value), [first], depth)
  }

  /** Reads the other members of a struct of a known shape. The shape is copied, because adding members is slow. */
  #likely({ struct: before, members }: Shape, value: unknown, depth: number): Record<string, unknown> {
    const struct = { ...before }
    struct[members[0]?.name ?? ''] = value
    for (let index = 1; index < members.length; index++) {
      const { after, name } = members[index] as Opening
      if (!this.#cursor.follows(after)) {
        const read = members.slice(0, index)
        return this.#others(Object.fromEntries(read.map(({ name }) => [name, struct[name]])), read, depth)
      }
      struct[name] = this.#content(depth + 2)
    }
    return this.#cursor.follows(LAST) ? struct : this.#others(struct, members, depth)
  }

  /** Reads the rest of a struct by itself. */
  #others(struct: Record<string, unknown>, read: readonly Opening[], depth: number): Record<string, unknown> {
    const members = [...read]
    while (!this.#cursor.follows(LAST)) {
      this.#cursor.skip('</value></member>')
      const start = this.#cursor.at
      const name = this.#name()
      if (members.length <= MOST_MEMBERS) members.push(opening(this.#cursor.from(start), name))
      put(struct, name, this.#content(depth + 2))
    }
    if (members.length <= MOST_MEMBERS) this.#shapes.set(members[0]?.name ?? '', { struct, members })
    return struct
  }

  /** Reads a name and everything up to its value. */
  #name(): string {
    this.#cursor.skip('<member><name>')
    const name = this.#cursor.characters().trim()
    this.#cursor.skip('</name><value>')
    return name
  }
}

function opening(written: string, name: string): Opening {
  return { after: flat(`</value></member>${written}`), name: flat(name) }
}

/** Adds a member. A name that occurs twice, or that every object has, is rare and left to the general parser. */
function put(struct: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  if (struct[name] !== undefined) throw NOT_PLAIN
  struct[name] = value
  return struct
}

/** The same text as a flat string: V8 would flatten a slice or a concatenation at every comparison. */
const flat = (text: string): string => Object.keys({ [text]: 0 })[0] ?? text

const SCALARS: ReadonlySet<string> = new Set('string int i4 i8 double boolean nil dateTime.iso8601 base64'.split(' '))

function emptyOf(tag: string): unknown {
  if (tag === 'struct/') return {}
  if (tag === 'array/') return []
  throw NOT_PLAIN
}
