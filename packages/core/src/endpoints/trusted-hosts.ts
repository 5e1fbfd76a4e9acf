/** The URL with a host that a reply names, of the same scheme and port; `undefined` for an unusable name. */
export function urlAtHost(url: string, host: string): URL | undefined {
  const target = URL.parse(url)
  if (target === null) return undefined
  // A bare IPv6 address lacks the brackets that a URL needs.
  const name =
    host.includes(':') && !host.startsWith('[') && host.indexOf(':') !== host.lastIndexOf(':') ? `[${host}]` : host
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d+)?$/i.test(name) || !URL.canParse(`${target.protocol}//${name}`))
    return undefined
  target.host = name
  return target
}

/** The URL with another origin. */
export function urlAtOrigin(url: string, origin: string): string {
  const { pathname, search, hash } = new URL(url, globalThis.location?.href)
  return origin + pathname + search + hash
}

/**
 * True if a reply may re-route a request from one address to another: to an origin of the vendor, or to a trusted host, listed by
 * name or by name and port. Never from HTTPS to HTTP.
 */
export function isTrusted(to: URL, from: URL, trustedHosts: readonly string[], origins: readonly string[]): boolean {
  if (origins.includes(to.origin)) return true
  if (to.protocol !== from.protocol && to.protocol !== 'https:') return false
  return trustedHosts.some((host) => {
    const named = URL.parse(`${to.protocol}//${host}`)
    return named?.hostname === to.hostname && (!/:\d+$/.test(host) || named.port === to.port)
  })
}
