/** Options over defaults. A member that is `undefined` counts as absent. */
export function withDefaultOptions<T extends object>(defaults: Required<T>, options: T | undefined): Required<T> {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  return { ...defaults, ...(Object.fromEntries(given) as Partial<T>) }
}
