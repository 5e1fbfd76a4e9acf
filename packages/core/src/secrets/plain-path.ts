/** Segments that a URL parser does not change: none begins with a dot, and nothing is escaped. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+\/?$/

/** The path of a URL that consists of its origin and a plain path; `undefined` if it must be parsed. */
export function plainPath(url: string, origin: string): string | undefined {
  if (origin === '' || !url.startsWith(origin)) return undefined
  const path = url.slice(origin.length)
  return PLAIN.test(path) ? path : undefined
}
