/** Deepest nesting of lists and objects that is read: many times what XenAPI sends. */
export const MAX_DEPTH = 64

/** One member of an object: its key, and the position of its value in the text. */
export interface Member {
  readonly key: string
  /** The start of its value. */
  readonly start: number
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** The end of the white space that begins at `at`. */
export function skipSpace(text: string, at: number): number {
  let end = at
  while (isSpace(text.charCodeAt(end))) end++
  return end
}

/** The end of the string that begins at `at`, behind its closing quote; -1 if there is none, or no end. */
export function endOfString(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) return -1
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === QUOTE) return end + 1
    if (code === BACKSLASH) end++
  }
  return -1
}

/**
 * The end of the value that begins at `at`; -1 if there is none, or no end, or if it is nested too deep. Looks at brackets,
 * strings and words only.
 */
export function endOfValue(text: string, at: number): number {
  let depth = 0
  let end = at
  do {
    const code = text.charCodeAt(end)
    const isOpening = code === OPEN_LIST || code === OPEN_OBJECT
    const isClosing = code === CLOSE_LIST || code === CLOSE_OBJECT
    if (isOpening) depth++
    if (isClosing) depth--
    if (depth < 0 || depth > MAX_DEPTH) return -1
    end = isOpening || isClosing ? end + 1 : endOfToken(text, end, code, depth > 0)
    if (end < 0) return -1
  } while (depth > 0)
  return end
}

/** The end of a string, of a word or, inside of brackets, of a separator; -1 for anything else. */
function endOfToken(text: string, at: number, code: number, isInside: boolean): number {
  if (code === QUOTE) return endOfString(text, at)
  const end = endOfWord(text, at)
  if (end > at) return end
  return isInside && isBetween(code) ? at + 1 : -1
}

/** The members of the object that begins at `at`, in their order, up to the first that is not well formed. */
export function* membersOf(text: string, at: number): Generator<Member, void> {
  for (const start of parts(text, at, OPEN_OBJECT, CLOSE_OBJECT)) {
    const end = endOfString(text, start)
    const colon = skipSpace(text, end)
    if (end < 0 || text.charCodeAt(colon) !== COLON) return
    const key = textOf(text.slice(start, end))
    if (key === undefined) return
    yield { key, start: skipSpace(text, colon + 1) }
  }
}

/** The starts of the elements of the list that begins at `at`, up to the first that is not well formed. */
export const elementsOf = (text: string, at: number): Generator<number, void> => parts(text, at, OPEN_LIST, CLOSE_LIST)

function* parts(text: string, at: number, open: number, close: number): Generator<number, void> {
  if (text.charCodeAt(at) !== open) return
  let start = skipSpace(text, at + 1)
  while (start < text.length && text.charCodeAt(start) !== close) {
    yield start
    const key = open === OPEN_OBJECT ? skipSpace(text, endOfString(text, start)) + 1 : start
    const end = endOfValue(text, skipSpace(text, key))
    if (end < 0) return
    const next = skipSpace(text, end)
    if (text.charCodeAt(next) !== COMMA) return
    start = skipSpace(text, next + 1)
  }
}

/** The text of a string literal, which has its quotes; `undefined` if it is not well formed. */
export function textOf(literal: string): string | undefined {
  try {
    const text: unknown = JSON.parse(literal)
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}

function endOfWord(text: string, at: number): number {
  let end = at
  while (end < text.length && isWord(text.charCodeAt(end))) end++
  return end
}

/** True for a character of a number or a name. */
const isWord = (code: number) =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x2b ||
  code === 0x2d ||
  code === 0x2e

const isBetween = (code: number) => code === COMMA || code === COLON || isSpace(code)

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
