/** A list may hold a thousand things; a sentence does not. */
const MOST_NAMED = 10

/** Names the first things of a list, and says how many more there are. */
export function sentenceOf<Item>(items: readonly Item[], named: (item: Item) => string): string {
  const more = items.length - MOST_NAMED
  return [...items.slice(0, MOST_NAMED).map(named), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
