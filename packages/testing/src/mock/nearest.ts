import { closest } from 'fastest-levenshtein'

/** Finds a name in a list, or suggests the one that was probably meant. */
export function named<Item>(items: ReadonlyMap<string, Item>, name: string, what: string): Item {
  const item = items.get(name)
  if (item !== undefined) return item
  if (items.size === 0) throw new TypeError(`No ${what} ${JSON.stringify(name)}: there are none.`)
  throw new TypeError(
    `No ${what} ${JSON.stringify(name)}. Did you mean ${JSON.stringify(closest(name, [...items.keys()]))}?`,
  )
}
