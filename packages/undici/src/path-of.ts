/** The path of a request with its query, as it is written. */
export function pathOf({ pathname, search, href, hash }: URL): string {
  // A question mark with nothing behind it is in no part of a URL but the whole.
  const isEmptyQuery = search === '' && href[href.length - hash.length - 1] === '?'
  return isEmptyQuery ? `${pathname}?` : pathname + search
}
