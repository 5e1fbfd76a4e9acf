/** Checks that handlers were given. @throws {TypeError} if a whole simulator was given, or nothing. */
export function checkHandlers(given: unknown): void {
  if (Array.isArray(given)) return
  const meant = Array.isArray((given as { handlers?: unknown } | null | undefined)?.handlers)
    ? ' Give its `handlers`.'
    : ''
  throw new TypeError(`This takes a list of handlers, such as \`vcenter().handlers\`.${meant}`)
}
