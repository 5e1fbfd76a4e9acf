/** Most things that a sentence names. */
const MOST_NAMED = 10

/** The first things of a list, with the number of the others. */
export function sentenceOf<Item>(items: readonly Item[], named: (item: Item) => string): string {
  const more = items.length - MOST_NAMED
  return [...items.slice(0, MOST_NAMED).map(named), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
