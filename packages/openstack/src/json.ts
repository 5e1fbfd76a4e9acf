/** A JSON object whose members nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Reads JSON; `undefined` for anything that is none. */
export function parseJson(text: string): unknown {
  // Most of what is no JSON is a page or a sentence, and an exception is dear.
  if (!/^\s*[{["]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object, or `undefined` for anything else. */
export const objectOf = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined)

/** Reads a JSON object; `undefined` for anything else. */
export const parseObject = (text: string | undefined): JsonObject | undefined =>
  text === undefined ? undefined : objectOf(parseJson(text))

/** The text, or `undefined` for an empty one and for anything else. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** A code as text: codes are numbers in some answers and texts in others. Nought is none. */
export function codeOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : (textOf(value)?.trim() ?? '')
  return /^0*$/.test(text) ? undefined : text
}

/** The objects in a list; none for anything that is no list. */
export const objectsIn = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])
