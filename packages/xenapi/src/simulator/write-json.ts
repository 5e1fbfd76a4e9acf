import { stamp, Typed, type Value } from './value.ts'

/** A value as the server writes it: compact, times as text, and floats that JSON does not have (`NaN`, `Infinity`). */
export function jsonValue(value: Value): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof Date) return JSON.stringify(stamp(value))
  if (value instanceof Typed) return numeral(value)
  if (isArray(value)) return `[${value.map(jsonValue).join(',')}]`
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${jsonValue(member)}`)
  return `{${members.join(',')}}`
}

const isArray = (value: Value): value is readonly Value[] => Array.isArray(value)

const numeral = ({ type, value }: Typed) =>
  type === 'double' && Number.isInteger(value) ? value.toFixed(1) : String(value)
