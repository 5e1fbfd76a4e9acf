/** The headers of a request by their lower-case names, each with its name as it was given. */
export type HeaderList = Map<string, readonly [name: string, value: string]>

/**
 * Reads the headers in an init.
 *
 * @throws {TypeError} for a name or a value that HTTP does not allow.
 */
export function headerList(init: HeadersInit | undefined): HeaderList {
  const list: HeaderList = new Map()
  if (init === undefined) return list
  // `Headers` keeps names in lower case only; some servers, against the standard, need them as they were written.
  const given = new Map<string, string>()
  if (!(init instanceof Headers))
    for (const name of Array.isArray(init) ? init.map(([name]) => String(name)) : Object.keys(init))
      if (!given.has(name.toLowerCase())) given.set(name.toLowerCase(), name)
  // The host is that of the URL.
  for (const [name, value] of new Headers(init)) if (name !== 'host') append(list, given.get(name) ?? name, value)
  return list
}

function append(list: HeaderList, name: string, value: string): void {
  const key = name.toLowerCase()
  const before = list.get(key)
  list.set(key, before === undefined ? [name, value] : [before[0], `${before[1]}, ${value}`])
}

/** Facts about a request that its headers depend on. */
export interface SentAs {
  readonly method: string
  readonly isHttps: boolean
  readonly hasBody: boolean
  /** The number of bytes of the body, if it is known. */
  readonly length: number | undefined
}

const CONDITIONS = ['if-modified-since', 'if-none-match', 'if-unmodified-since', 'if-match', 'if-range']

/** The headers on the wire: those of the caller, and those that Node's `fetch` adds (Fetch standard, HTTP-network-or-cache fetch). */
export function wireHeaders(list: HeaderList, { method, isHttps, hasBody, length }: SentAs): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [key, [name, value]] of list) if (key !== 'sec-fetch-mode') headers[name] = value
  const add = (name: string, value: string) => {
    if (!list.has(name)) headers[name] = value
  }
  add('accept', '*/*')
  add('accept-language', '*')
  if (length !== undefined) add('content-length', String(length))
  else if (!hasBody && (method === 'POST' || method === 'PUT')) add('content-length', '0')
  headers['sec-fetch-mode'] = 'cors'
  add('user-agent', 'node')
  if (list.size > 0 && CONDITIONS.some((name) => list.has(name))) {
    add('pragma', 'no-cache')
    add('cache-control', 'no-cache')
  }
  if (!list.has('range')) add('accept-encoding', isHttps ? 'br, gzip, deflate' : 'gzip, deflate')
  else {
    const [name, value] = list.get('accept-encoding') ?? ['accept-encoding', undefined]
    headers[name] = value === undefined ? 'identity' : `${value}, identity`
  }
  return headers
}
