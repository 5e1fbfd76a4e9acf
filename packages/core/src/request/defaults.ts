import { isRequest } from './is-request.ts'
import { plainInit } from './snapshot.ts'

/** The caller's arguments over the client's defaults. */
export function withDefaults(
  defaults: RequestInit | undefined,
  input: string | URL | Request,
  init: RequestInit | undefined,
): RequestInit | undefined {
  if (defaults === undefined) return init
  const own = plainInit(init)
  if (!isRequest(input)) return overInit(defaults, own)
  // A default in the init would override the members of a `Request`.
  const { method, signal } = input
  return overInit(defaults, { method, signal, ...own, headers: own?.headers ?? [...input.headers] })
}

/** One init over another; the headers of both, by name. */
export function overInit(defaults: RequestInit | undefined, init: RequestInit | undefined): RequestInit {
  const headers = new Headers(defaults?.headers)
  for (const [name, value] of new Headers(init?.headers)) headers.set(name, value)
  return { ...defaults, ...init, headers }
}
