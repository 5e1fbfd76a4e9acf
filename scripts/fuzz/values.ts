import type { Random } from './random.ts'

const OPEN = '[{'
const CLOSE = ']}'
const others = ['null', '5', '-0.5', '"a"', '""', 'true', '[]', '{}', '[null]', '[[]]', '{"a":null}', '[{}]'] as const

/** Replaces a JSON value anywhere in a text by one of another kind, or doubles or removes it. */
export function otherValue(text: string, random: Random): string {
  const place = random.of([...text.matchAll(/[:[,]\s*(?=["[{\w-])/g)])
  if (place === undefined) return text
  const begin = place.index + place[0].length
  const end = endOf(text, begin)
  const value = text.slice(begin, end)
  const choice = random.below(8)
  const changed =
    choice === 0 ? `${value},${value}` : choice === 1 ? '' : choice === 2 ? `[${value}]` : random.of(others)
  return text.slice(0, begin) + changed + text.slice(end)
}

/** The end of the value that begins there. */
function endOf(text: string, begin: number): number {
  let depth = 0
  let isText = false
  for (let at = begin; at < text.length; at++) {
    const sign = text.charAt(at)
    if (isText && sign === '\\') at++
    else if (sign === '"') isText = !isText
    else if (isText) continue
    else if (OPEN.includes(sign)) depth++
    else if (CLOSE.includes(sign) && --depth < 0) return at
    else if (sign === ',' && depth === 0) return at
    if (!isText && depth === 0 && (CLOSE.includes(sign) || sign === '"')) return at + 1
  }
  return text.length
}
