/** The client's defaults under the caller's own words. */
export function withDefaults(
  defaults: RequestInit | undefined,
  input: string | URL | Request,
  init: RequestInit | undefined,
): RequestInit | undefined {
  if (defaults === undefined) return init
  const headers = new Headers(defaults.headers)
  const own = init?.headers ?? (input instanceof Request ? input.headers : undefined)
  for (const [name, value] of new Headers(own)) headers.set(name, value)
  return { ...defaults, ...(input instanceof Request && { method: input.method }), ...init, headers }
}
