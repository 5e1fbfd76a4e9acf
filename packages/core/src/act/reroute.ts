/** Where a host named by a reply leads: the same request there, keeping scheme and port. `undefined` for no usable name. */
export function rerouted(url: string, host: string): URL | undefined {
  const target = URL.parse(url)
  if (target === null) return undefined
  // A bare IPv6 address comes without the brackets that a URL wants.
  const name =
    host.includes(':') && !host.startsWith('[') && host.indexOf(':') !== host.lastIndexOf(':') ? `[${host}]` : host
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d+)?$/i.test(name)) return undefined
  target.host = name
  return target
}

/** Whether a reply may send a request to this address: a host of the list, by name or by name and port. */
export function isTrusted(url: URL, trustedHosts: readonly string[], origins: readonly string[]): boolean {
  return origins.includes(url.origin) || trustedHosts.includes(url.host) || trustedHosts.includes(url.hostname)
}
