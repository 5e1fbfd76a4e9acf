/** The member at the end of a path into parsed JSON, if there is one. */
export function dig(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value)
}

/** The same if it is a text that is not empty. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = dig(value, ...path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The same if it is a list; otherwise an empty one. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = dig(value, ...path)
  return Array.isArray(found) ? found : []
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
