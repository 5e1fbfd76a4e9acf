/** A JSON object with unchecked members. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Parses JSON; returns `undefined` for any other text. */
export function parseJson(text: string): unknown {
  if (!mayBeJson(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const ENDS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '"': '"' }

/**
 * True for a text that begins and ends like an object, a list or a string in JSON. Most other texts are pages or sentences, for
 * which an exception of the parser costs time. Parsing a text that was cut off costs as much as the whole one: a tenth of a second
 * and more for a mebibyte of nested lists.
 */
function mayBeJson(text: string): boolean {
  const whole = text.trim()
  const end = ENDS[whole.charAt(0)]
  return end !== undefined && whole.endsWith(end)
}

/** True for an object that is no list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object; `undefined` for any other value. */
export const objectOf = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined)

/** Parses a JSON object; returns `undefined` for any other text. */
export const parseObject = (text: string | undefined): JsonObject | undefined =>
  text === undefined ? undefined : objectOf(parseJson(text))

/** The text; `undefined` for an empty one and for any other value. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The objects in a list; an empty list for any other value. */
export const objectsIn = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])
