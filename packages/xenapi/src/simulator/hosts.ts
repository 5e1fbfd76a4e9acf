import type { XapiHostSpec } from './options.ts'
import type { Failure } from './refusal.ts'

/** One host, as it is now. */
export interface Host {
  readonly name: string
  readonly address: string
  readonly ref: string
  readonly xmlOnly: boolean
  alive: boolean
  /** The answer to nearly every call while it is in emergency mode. */
  emergency: Failure | undefined
  /** Sessions for calls to this host alone. */
  readonly localSessions: Set<string>
  /** Aborted when the server's process ends; requests that hang are then dropped. */
  life: AbortController
}

/** The hosts of a pool, one of them its master. */
export interface Hosts {
  readonly all: readonly Host[]
  master: Host
  /** The host with that name or address. */
  at(hostname: string): Host | undefined
  /** @throws {TypeError} for a name that no host has. */
  named(name: string): Host
}

/** Starts with the first as master. */
export function createHosts([first, ...others]: readonly [XapiHostSpec, ...XapiHostSpec[]]): Hosts {
  const master = hostOf(first)
  const all = [master, ...others.map(hostOf)]
  return {
    all,
    master,
    at(hostname) {
      const bare = hostname.replace(/^\[|\]$/g, '')
      return all.find(({ name, address }) => name === bare || address === bare)
    },
    named(name) {
      const host = all.find((candidate) => candidate.name === name)
      if (host === undefined)
        throw new TypeError(`No host ${name}; there are ${all.map((known) => known.name).join(', ')}.`)
      return host
    },
  }
}

const hostOf = ({ name, address, formats }: XapiHostSpec): Host => ({
  ...{ name, address, ref: `OpaqueRef:${name}`, xmlOnly: formats === 'xml-only' },
  ...{ alive: true, emergency: undefined, localSessions: new Set<string>(), life: new AbortController() },
})
