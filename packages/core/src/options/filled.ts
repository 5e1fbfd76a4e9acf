/** Options over defaults; a member that is `undefined` was not given. */
export function withDefaultOptions<T extends object>(defaults: Required<T>, options: T | undefined): Required<T> {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  return { ...defaults, ...(Object.fromEntries(given) as Partial<T>) }
}
