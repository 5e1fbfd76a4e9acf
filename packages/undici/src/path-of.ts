/** The path of a request with its query, as it is written. */
export function pathOf({ pathname, search, href, hash }: URL): string {
  // A question mark with nothing after it appears only in the whole URL.
  const isEmptyQuery = search === '' && href[href.length - hash.length - 1] === '?'
  return isEmptyQuery ? `${pathname}?` : pathname + search
}
