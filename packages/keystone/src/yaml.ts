import { type Alias, type Document, isAlias, isMap, isPair, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml'

/** Most aliases in one file, and most values with all aliases expanded: far more than any real file has. */
const MOST_ALIASES = 2_000
const MOST_VALUES = 2_000_000

/** A key that is not a string, or that its mapping has already. */
export interface BadKey {
  readonly key: unknown
  readonly isText: boolean
}

/** The part of a document with an anchor, with the number of its values. */
interface Anchored {
  readonly isText: boolean
  values?: number
}

/**
 * Finds a bad key, and counts the values of aliases: the library searches for duplicate keys by comparing every two, and does not
 * count merged values.
 *
 * @throws {RangeError} where there is too much behind aliases, or they contain themselves, or it is nested too deep to be read.
 */
export function findBadKey(document: Document): BadKey | undefined {
  const anchors = new Map<string, Anchored>()
  let aliases = 0
  let bad: BadKey | undefined
  const isTextKey = (key: unknown): boolean =>
    key === null || (isAlias(key) ? anchors.get(key.source)?.isText !== false : isScalar(key))
  const look = (key: unknown, seen: Set<unknown>) => {
    const isText = isTextKey(key)
    const value = isScalar(key) ? key.value : key
    if (!isText || seen.has(value)) bad ??= { key, isText }
    seen.add(value)
  }
  const behind = ({ source }: Alias): number => {
    const anchored = anchors.get(source)
    if (++aliases > MOST_ALIASES) throw new RangeError('There are too many aliases.')
    if (anchored !== undefined && anchored.values === undefined) throw new RangeError('An alias leads to itself.')
    return anchored?.values ?? 1
  }
  const within = (node: YAMLMap | YAMLSeq): number => {
    const keys = new Set<unknown>()
    let values = 1
    for (const item of node.items) {
      if (isPair(item)) look(item.key, keys)
      values += isPair(item) ? valuesIn(item.key) + valuesIn(item.value) : valuesIn(item)
      if (values > MOST_VALUES) throw new RangeError('There are too many values.')
    }
    return values
  }
  const valuesIn = (node: unknown): number => {
    if (isAlias(node)) return behind(node)
    const anchored: Anchored = { isText: isScalar(node) }
    const { anchor } = (node ?? {}) as { readonly anchor?: string }
    if (anchor !== undefined) anchors.set(anchor, anchored)
    anchored.values = isMap(node) || isSeq(node) ? within(node) : 1
    return anchored.values
  }
  valuesIn(document.contents)
  return bad
}
