import { inspect } from 'node:util'

/** All texts in a value: its words however it is printed, every member of it and of its class, and what is in those. */
export function textsIn(value: unknown): readonly string[] {
  const texts = new Set<string>([attempt(() => inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }))])
  texts.add(attempt(() => JSON.stringify(value)))
  const seen = new Set<unknown>()
  const queue: unknown[] = [value]
  for (let at = 0; at < queue.length && at < 5_000; at++) {
    const one = queue[at]
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'bigint') texts.add(String(one))
    if (typeof one === 'symbol') texts.add(String(one.description))
    if (one === null || (typeof one !== 'object' && typeof one !== 'function') || seen.has(one)) continue
    seen.add(one)
    if (one instanceof Error) texts.add(attempt(() => String(one)))
    queue.push(...contentOf(one))
  }
  return [...texts]
}

function contentOf(value: object): unknown[] {
  // The caller must judge text of a server.
  if (value instanceof Response || value instanceof AbortSignal) return []
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    return [bytes.toString(), bytes.toString('latin1'), bytes.toString('utf16le')]
  }
  if (value instanceof Map || value instanceof Headers) return [...value].flat()
  if (value instanceof Set) return [...value]
  const found: unknown[] = []
  for (let owner: object | null = value; owner !== null && owner !== Object.prototype; ) {
    for (const name of Reflect.ownKeys(owner)) {
      found.push(name)
      attempt(() => {
        found.push((value as Record<PropertyKey, unknown>)[name])
        return ''
      })
    }
    owner = Object.getPrototypeOf(owner) as object | null
    if (owner === Function.prototype || owner === Array.prototype) break
  }
  return found
}

function attempt(run: () => string | undefined): string {
  try {
    return run() ?? ''
  } catch {
    return ''
  }
}

/** Marks of a secret in what was told: it or its spelling, whole or in part, as a printer may have escaped it once more. */
export function tracesOf(secret: string, spelt: string): readonly string[] {
  const middle = Math.floor(spelt.length / 2)
  const parts = [secret, spelt, secret.slice(0, 12), ...(spelt.length > 18 ? [spelt.slice(middle, middle + 12)] : [])]
  const printed = parts.flatMap((part) => [
    part,
    JSON.stringify(part).slice(1, -1),
    inspect(part).slice(1, -1),
    part.replace(/\p{Cc}/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ])
  return [...new Set(printed)]
}
