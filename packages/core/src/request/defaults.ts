import { isRequest } from './is-request.ts'

/** The client's defaults under the caller's own words. */
export function withDefaults(
  defaults: RequestInit | undefined,
  input: string | URL | Request,
  init: RequestInit | undefined,
): RequestInit | undefined {
  if (defaults === undefined) return init
  const headers = new Headers(defaults.headers)
  const own = init?.headers ?? (isRequest(input) ? [...input.headers] : undefined)
  for (const [name, value] of new Headers(own)) headers.set(name, value)
  // A default that stands in the init would outrank what a `Request` says of itself.
  const said = isRequest(input) && { method: input.method, signal: input.signal }
  return { ...defaults, ...said, ...init, headers }
}
