import type { Redactor } from '../secrets/redact.ts'
import { isVendorError } from './vendor-error.ts'

/** Most values that are searched; a larger value is taken to contain a secret. */
const MOST_VALUES = 2_000
/** The same for the characters of all of them together. */
const MOST_READ = 131_072

/**
 * True if a secret is anywhere in a value: in a member of any name, a key, a getter's value, a map, bytes, or the head of a
 * request or reply; or if the value is too large to be searched.
 */
export function containsSecret(value: unknown, redactor: Redactor): boolean {
  if (redactor.isIdle) return false
  const seen = new Set<unknown>()
  const queue: unknown[] = [value]
  let read = 0
  for (let at = 0; at < queue.length; at++) {
    if (at === MOST_VALUES) return true
    const one = queue[at]
    if (typeof one === 'object' || typeof one === 'function') {
      if (one === null || seen.has(one)) continue
      // Printers can show its value, but it cannot be read here.
      if (one instanceof Promise) return true
      seen.add(one)
      queue.push(...contentOf(one))
    } else {
      const text = textOf(one)
      read += text.length
      if (read > MOST_READ || redactor.isIn(text)) return true
    }
  }
  return false
}

const textOf = (value: unknown): string =>
  value === undefined ? '' : String(typeof value === 'symbol' ? value.description : value)

function contentOf(value: object): unknown[] {
  if (value instanceof ArrayBuffer) return textsOf(new Uint8Array(value))
  if (ArrayBuffer.isView(value)) return textsOf(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams || value instanceof FormData)
    return [...value].flat().slice(0, MOST_VALUES)
  if (value instanceof Set) return [...value].slice(0, MOST_VALUES)
  if (value instanceof URL || value instanceof String) return [String(value)]
  return membersOf(value)
}

/** Bytes as text in each encoding that they may have. */
const textsOf = (bytes: Uint8Array): string[] =>
  ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be'].map((name) => new TextDecoder(name).decode(bytes))

/** Names and values of an object's members, and of those of its class. */
function membersOf(value: object): unknown[] {
  const found: unknown[] = []
  // The reply of a `VendorError` is not searched: its users know that it may contain secrets.
  const last = isVendorError(value) ? Object.getPrototypeOf(value) : undefined
  for (let owner: object | null = value; owner !== null && owner !== last && !OF_THE_LANGUAGE.has(owner); ) {
    for (const name of Reflect.ownKeys(owner).slice(0, MOST_VALUES)) {
      if (name === 'constructor') continue
      found.push(name)
      try {
        found.push((value as Readonly<Record<PropertyKey, unknown>>)[name])
      } catch {
        // A printer could not read it either.
      }
    }
    owner = Object.getPrototypeOf(owner) as object | null
  }
  return [...found, ...printed(value)]
}

/** Methods with which an object describes itself to printers. */
const PRINTERS = ['toString', 'toJSON', Symbol.for('nodejs.util.inspect.custom')]

const printed = (value: object): unknown[] =>
  PRINTERS.flatMap((name) => {
    try {
      const print = (value as Readonly<Record<PropertyKey, unknown>>)[name]
      return typeof print === 'function' && !(value instanceof Function) ? [print.call(value, 2, {}, String)] : []
    } catch {
      return []
    }
  })

const OF_THE_LANGUAGE: ReadonlySet<object> = new Set<object>([
  Object.prototype,
  Function.prototype,
  Array.prototype,
  Error.prototype,
  Promise.prototype,
])
