/** Segments that a parser leaves as they are: none begins with a dot, and nothing is escaped. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+\/?$/

/** The path of a URL that is nothing but its origin and a plain path; `undefined` if only a parser can tell. */
export function plainPath(url: string, origin: string): string | undefined {
  if (origin === '' || !url.startsWith(origin)) return undefined
  const path = url.slice(origin.length)
  return PLAIN.test(path) ? path : undefined
}
