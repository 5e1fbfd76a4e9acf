/** Address of the same request at a host that a reply names, scheme and port kept; `undefined` for an unusable name. */
export function urlAtHost(url: string, host: string): URL | undefined {
  const target = URL.parse(url)
  if (target === null) return undefined
  // A bare IPv6 address comes without the brackets that a URL wants.
  const name =
    host.includes(':') && !host.startsWith('[') && host.indexOf(':') !== host.lastIndexOf(':') ? `[${host}]` : host
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d+)?$/i.test(name) || !URL.canParse(`${target.protocol}//${name}`))
    return undefined
  target.host = name
  return target
}

/** Address of the same request at another origin. */
export function urlAtOrigin(url: string, origin: string): string {
  const { pathname, search, hash } = new URL(url, globalThis.location?.href)
  return origin + pathname + search + hash
}

/**
 * True if a reply may send a request on from one address to another: to an origin of the credentials, or to a host
 * of the list, by name or by name and port. Never from an encrypted connection to a plain one.
 */
export function isTrusted(to: URL, from: URL, trustedHosts: readonly string[], origins: readonly string[]): boolean {
  if (origins.includes(to.origin)) return true
  if (to.protocol !== from.protocol && to.protocol !== 'https:') return false
  return trustedHosts.some((host) => {
    const named = URL.parse(`${to.protocol}//${host}`)
    return named?.hostname === to.hostname && (!/:\d+$/.test(host) || named.port === to.port)
  })
}
