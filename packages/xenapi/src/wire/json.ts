import { endOfString, endOfValue, MAX_DEPTH, skipSpace, textOf } from './json-span.ts'
import { holdsLongNumber } from './long-number.ts'

/** A value, and its end in the text. */
type Read = readonly [value: unknown, end: number]

/**
 * Reads JSON as XenAPI writes it: `NaN`, `Infinity` and `-Infinity` are numbers, too. A whole number that a `number` cannot
 * hold is the text that was sent.
 *
 * @returns `undefined` for anything else, and for what is nested deeper than {@link MAX_DEPTH}.
 */
export function readJson(text: string): unknown {
  const start = skipSpace(text, 0)
  const end = endOfValue(text, start)
  if (end < 0 || skipSpace(text, end) !== text.length) return undefined
  try {
    return parsePlain(text)
  } catch {
    // Rare. Libraries that read such numbers also take comments, single quotes and the like.
    const read = readValue(text, start, 0)
    return read?.[1] === end ? read[0] : undefined
  }
}

/**
 * Reads JSON; a whole number that a `number` cannot hold is the text that was sent.
 *
 * @param whole the text that it is a part of, which is faster to look through.
 * @throws {SyntaxError}
 */
export const parsePlain = (text: string, whole = text): unknown =>
  // A reviver makes `JSON.parse` several times as slow.
  holdsLongNumber(whole) ? JSON.parse(text, revive) : JSON.parse(text)

/** The third argument is as old as Node.js 21. */
const revive = (_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown =>
  typeof value === 'number' && source !== undefined ? numberOf(source) : value

/** The number that digits stand for, or the digits where it is a whole one that would lose some. */
function numberOf(digits: string): number | string {
  const number = Number(digits)
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(digits) ? number : digits
}

function readValue(text: string, at: number, depth: number): Read | undefined {
  if (depth > MAX_DEPTH) return undefined
  switch (text[at]) {
    case '"':
      return readString(text, at)
    case '[':
      return readList(text, at, depth)
    case '{':
      return readObject(text, at, depth)
    default:
      return readWord(text, at)
  }
}

function readString(text: string, at: number): readonly [string, number] | undefined {
  const end = endOfString(text, at)
  const value = end < 0 ? undefined : textOf(text.slice(at, end))
  return value === undefined ? undefined : [value, end]
}

function readList(text: string, at: number, depth: number): Read | undefined {
  const list: unknown[] = []
  const end = readParts(text, at, ']', (start) => {
    const read = readValue(text, start, depth + 1)
    if (read === undefined) return -1
    list.push(read[0])
    return read[1]
  })
  return end < 0 ? undefined : [list, end]
}

function readObject(text: string, at: number, depth: number): Read | undefined {
  const entries: [string, unknown][] = []
  const end = readParts(text, at, '}', (start) => {
    const key = readString(text, start)
    const colon = key ? skipSpace(text, key[1]) : -1
    if (key === undefined || text[colon] !== ':') return -1
    const read = readValue(text, skipSpace(text, colon + 1), depth + 1)
    if (read === undefined) return -1
    entries.push([key[0], read[0]])
    return read[1]
  })
  return end < 0 ? undefined : [Object.fromEntries(entries), end]
}

/** Reads the parts between commas, up to the closing bracket, and returns its end. */
function readParts(text: string, at: number, close: string, readOne: (start: number) => number): number {
  let next = skipSpace(text, at + 1)
  if (text[next] === close) return next + 1
  while (true) {
    const end = readOne(next)
    if (end < 0) return -1
    next = skipSpace(text, end)
    if (text[next] === close) return next + 1
    if (text[next] !== ',') return -1
    next = skipSpace(text, next + 1)
  }
}

const words = new Map<string, unknown>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

function readWord(text: string, at: number): Read | undefined {
  const end = endOfValue(text, at)
  const word = end < 0 ? '' : text.slice(at, end)
  if (words.has(word)) return [words.get(word), end]
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word) ? [numberOf(word), end] : undefined
}
