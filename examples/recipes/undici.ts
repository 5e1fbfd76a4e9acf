/**
 * undici: a private authority, certificates, Unix sockets, the proxies of the environment, and a dispatcher of any version from
 * 6 on. Node's own `fetch` takes only dispatchers of the undici within it, which nobody can choose; `@holdfast/undici` takes all.
 */
import { type ResilientOptions, resilient } from '@holdfast/core'
import { type Dispatcher, undiciFetch } from '@holdfast/undici'
import { Agent, EnvHttpProxyAgent, type RequestInfo, fetch as undicisFetch } from 'undici'

/** A client that trusts the authority whose certificate (PEM) is given, and no other. */
export const trusting = (ca: string, options?: ResilientOptions) =>
  resilient(undiciFetch({ dispatcher: new Agent({ connect: { ca } }) }), options)

/** A client with a certificate of its own (mutual TLS), for servers that the authority vouches for. All are PEM. */
export const certified = (own: { readonly ca: string; readonly cert: string; readonly key: string }) =>
  resilient(undiciFetch({ dispatcher: new Agent({ connect: own }) }))

/** A client whose server listens on a Unix socket, such as that of Docker. The host in a URL is only a name. */
export const throughSocket = (socketPath: string) =>
  resilient(undiciFetch({ dispatcher: new Agent({ connect: { socketPath } }) }))

/** A client that uses `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` as they are when it is made. */
export const behindProxies = (options?: ResilientOptions) =>
  resilient(undiciFetch({ dispatcher: new EnvHttpProxyAgent() }), options)

/** A client over a dispatcher of undici 6, 7 or 8: one with interceptors, a pool, a `MockAgent`. */
export const over = (dispatcher: Dispatcher, options?: ResilientOptions) =>
  resilient(undiciFetch({ dispatcher }), options)

/**
 * The same with undici's own `fetch`, and a dispatcher of the same undici. Its types are not those of the global `fetch`, and
 * it takes no `Request` of Node's: that goes over as its URL and its members.
 */
export const overUndicisFetch = (dispatcher: Agent, options?: ResilientOptions) =>
  resilient((input, init) => {
    const given = input instanceof Request ? { ...membersOf(input), ...init } : init
    const url = input instanceof Request ? input.url : input
    const sent = undicisFetch(url as RequestInfo, { ...given, dispatcher } as Parameters<typeof undicisFetch>[1])
    return sent as unknown as Promise<Response>
  }, options)

const membersOf = ({ method, headers, body, redirect, signal }: Request) => ({
  method,
  headers: [...headers],
  redirect,
  signal,
  ...(body !== null && { body, duplex: 'half' }),
})
