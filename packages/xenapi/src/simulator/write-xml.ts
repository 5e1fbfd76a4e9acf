import { stamp, Typed, type Value } from './value.ts'

/** A value as the server writes it: on one line, strings bare, 64-bit integers as text. */
export const xmlValue = (value: Value): string => `<value>${content(value)}</value>`

/** The one parameter of an answer. */
export const xmlAnswer = (value: Value): string =>
  `<?xml version="1.0"?><methodResponse><params><param>${xmlValue(value)}</param></params></methodResponse>`

function content(value: Value): string {
  if (value === null) return '<nil/>'
  if (typeof value === 'string') return encode(value)
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`
  if (value instanceof Date) return `<dateTime.iso8601>${stamp(value)}</dateTime.iso8601>`
  if (value instanceof Typed) return `<${value.type}>${numeral(value.value)}</${value.type}>`
  if (isArray(value)) return `<array><data>${value.map(xmlValue).join('')}</data></array>`
  const members = Object.entries(value).map(
    ([name, member]) => `<member><name>${name}</name>${xmlValue(member)}</member>`,
  )
  return `<struct>${members.join('')}</struct>`
}

const isArray = (value: Value): value is readonly Value[] => Array.isArray(value)

function numeral(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return String(value)
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

/** These four and no others; control characters are left out. */
const encode = (text: string) => text.replace(/[<>&"]|[^\t\n\r -\uffff]/g, (found) => entities[found] ?? '')
