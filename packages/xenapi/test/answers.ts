import fc from 'fast-check'
import type { Answer } from '../src/wire/answer.ts'

/** An answer as some server might write it, and what it says. */
export interface Written {
  readonly text: string
  readonly answer: Answer
}

const HALVES = 0x800
/** Any text, as of the unit `binary`, which makes a list of every character first: that takes a second. */
export const anyText = fc.string({
  unit: fc.nat({ max: 0x10ffff - HALVES }).map(
    (at) => String.fromCodePoint(at < 0xd800 ? at : at + HALVES),
    (sign) => {
      const point = String(sign).codePointAt(0) ?? 0
      return point < 0xd800 ? point : point - HALVES
    },
  ),
})

/** Any text that XML has a form for. */
export const texts = anyText.map((text) =>
  text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ''),
)

/** Values as XenAPI has them. */
export const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    texts,
    fc.maxSafeInteger().map((number) => number + 0),
    fc.boolean(),
    // One that is written as a whole number is read as one.
    fc
      .double()
      .filter((number) => !/^-?\d{16}/.test(String(number)))
      .map((number) => number + 0),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 5 }).map(namely), tie('value'), { maxKeys: 4 }),
  ),
}))

/** Names are trimmed where they are read, and mean nothing here. */
function namely(text: string): string {
  return `k${text.replace(/[^\u0020-\u007e]/g, '')}k`
}

const codes = fc.oneof(
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/),
  texts.filter((text) => text !== ''),
)

const failures = fc
  .record({ code: codes, params: fc.array(texts, { maxLength: 4 }) })
  .map(({ code, params }): Answer => {
    // What is no code by its looks is a message.
    if (!/^[A-Za-z][\w.-]{0,100}$/.test(code)) {
      return { type: 'failure', code: 'UNKNOWN_FAILURE', params, message: code }
    }
    const [message] = code === 'Fault' ? params : []
    return { type: 'failure', code, params, ...(message && { message }) }
  })

/** The list that says so on the wire. */
const descriptionOf = ({ code, params, message = '' }: Extract<Answer, { type: 'failure' }>) => [
  code === 'UNKNOWN_FAILURE' ? message : code,
  ...params,
]

/** What an answer can say. */
const answers: fc.Arbitrary<Answer> = fc.oneof(
  values.map((value): Answer => ({ type: 'success', value })),
  failures,
)

const spaces = fc.constantFrom<string>('', '', ' ', '\n', '\r\n\t')

const xmlStyles = fc.record({
  space: spaces,
  typed: fc.boolean(),
  encode: fc.constantFrom(plainly, inSections, byNumber),
  head: fc.constantFrom(
    '',
    '<?xml version="1.0"?>',
    `<?xml version='1.0' encoding='us-ascii'?>`,
    '\uFEFF\n<!-- <fault> -->',
  ),
  isReversed: fc.boolean(),
  noise: fc.array(values, { maxLength: 2 }),
})

type XmlStyle = typeof xmlStyles extends fc.Arbitrary<infer Style> ? Style : never

function plainly(text: string): string {
  const escapes: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '\r': '&#13;' }
  return text.replace(/[<>&\r]/g, (character) => escapes[character] ?? character)
}

function inSections(text: string): string {
  if (text.includes('\r')) return byNumber(text)
  return text === '' ? '' : `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

function byNumber(text: string): string {
  return Array.from(text, (character) => `&#x${character.codePointAt(0)?.toString(16)};`).join('')
}

/** Encodes a value in XML-RPC. */
export function toXml(value: unknown, style: Pick<XmlStyle, 'space' | 'typed' | 'encode'>): string {
  const { space, typed, encode } = style
  if (typeof value === 'string' && !typed) return `<value>${encode(value)}</value>`
  return `<value>${space}${toTyped(value, style)}${space}</value>`

  function toTyped(of: unknown, inner: typeof style): string {
    if (typeof of === 'string') return of === '' ? '<string/>' : `<string>${encode(of)}</string>`
    if (typeof of === 'number') return Number.isSafeInteger(of) ? `<i8>${of}</i8>` : `<double>${of}</double>`
    if (typeof of === 'boolean') return `<boolean>${of ? 1 : 0}</boolean>`
    if (of === null) return '<nil/>'
    if (Array.isArray(of)) {
      return `<array>${space}<data>${space}${of.map((item) => toXml(item, inner) + space).join('')}</data></array>`
    }
    const members = Object.entries(of as object).map(([name, item]) => toMember(name, toXml(item, inner), inner))
    return `<struct>${space}${members.join(space)}</struct>`
  }
}

const toMember = (name: string, value: string, { space, encode }: Pick<XmlStyle, 'space' | 'encode'>) =>
  `<member>${space}<name>${encode(name)}</name>${space}${value}</member>`

function writeXml(answer: Answer, style: XmlStyle): string {
  const { space, head, isReversed, noise } = style
  const verdict =
    answer.type === 'success'
      ? [['Status', 'Success'] as const, ['Value', answer.value] as const]
      : [['Status', 'Failure'] as const, ['ErrorDescription', descriptionOf(answer)] as const]
  const others = noise.map((value, at) => [`noise${at}`, value] as const)
  const members = [...others, ...(isReversed ? verdict.toReversed() : verdict), ...others]
  const struct = members.map(([name, value]) => toMember(name, toXml(value, style), style)).join(space)
  const body = ['<methodResponse>', '<params>', '<param>', '<value>', `<struct>${space}${struct}</struct>`]
  const tail = ['</value>', '</param>', '</params>', '</methodResponse>']
  return head + [...body, ...tail].join(space)
}

const jsonStyles = fc.record({
  space: spaces,
  version: fc.constantFrom('1.0', '2.0', 'array'),
  isEscaped: fc.boolean(),
  isReversed: fc.boolean(),
  noise: fc.array(values, { maxLength: 2 }),
})

type JsonStyle = typeof jsonStyles extends fc.Arbitrary<infer Style> ? Style : never

/** Encodes a value in JSON as XenAPI does: numbers that are none included. */
export function toJson(value: unknown, style: Pick<JsonStyle, 'space' | 'isEscaped'>): string {
  const { space, isEscaped } = style
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') {
    return isEscaped ? `"${inUnits(value)}"` : JSON.stringify(value)
  }
  if (value === null || typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${space}${value.map((item) => toJson(item, style)).join(`${space},${space}`)}]`
  return toObject(Object.entries(value), style)
}

const inUnits = (text: string) =>
  Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

const toObject = (entries: readonly (readonly [string, unknown])[], style: Pick<JsonStyle, 'space' | 'isEscaped'>) =>
  `{${style.space}${entries.map(([key, item]) => `${toJson(key, style)}${style.space}:${style.space}${toJson(item, style)}`).join(`,${style.space}`)}${style.space}}`

function writeJson(answer: Answer, style: JsonStyle): string {
  const { version, isReversed, noise } = style
  const isFirst = version === '1.0'
  const list = answer.type === 'failure' ? descriptionOf(answer) : []
  const error = version === '2.0' ? { code: 1, message: list[0], data: list.slice(1) } : list
  const verdict: [string, unknown][] =
    answer.type === 'success'
      ? [['result', answer.value], ...(isFirst ? [['error', null] as [string, null]] : [])]
      : [...(isFirst ? [['result', null] as [string, null]] : []), ['error', error]]
  const head: [string, unknown][] = isFirst ? [] : [['jsonrpc', '2.0']]
  const others = noise.map((value, at): [string, unknown] => [`noise${at}`, value])
  const entries = [...head, ...others, ...verdict, ...others, ['id', 0] as [string, number]]
  return toObject(isReversed ? entries.toReversed() : entries, style)
}

/** Answers of every format in every style. */
export const written: fc.Arbitrary<Written> = fc.oneof(
  fc.tuple(answers, xmlStyles).map(([answer, style]) => ({ answer, text: writeXml(answer, style) })),
  fc.tuple(answers, jsonStyles).map(([answer, style]) => ({ answer, text: writeJson(answer, style) })),
)

const fragments = fc.oneof(
  fc.constantFrom(
    ...[
      '<fault>',
      '<value>',
      '</value>',
      '<struct>',
      '</struct>',
      '<member>',
      '</member>',
      '<name>',
      '</name>',
      '<nil/>',
    ],
    ...['<![CDATA[', ']]>', ']', '<!--', '-->', '<?', '?>', '<!DOCTYPE a>', '&#83;', '&', ';', '<', '>', '/', ' a="'],
    ...['Status', 'Success', 'Failure', 'ErrorDescription', '"error":', '"result":', '"result":null,', 'null', 'NaN'],
    ...['{', '}', '[', '"', '\\', '\\u', ',', ':', '\uFEFF', 'HTTP/1.1 500 Internal Error', '\ud800', '\u0000', '-'],
  ),
  fc.string(),
)

/** The same texts with some parts taken out, put in or doubled. */
export const mutated = (of: fc.Arbitrary<string>): fc.Arbitrary<string> => {
  const edits = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      drop: fc.nat(20),
      put: fragments,
      again: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  return fc.tuple(of, edits).map(([text, changes]) =>
    changes.reduce((changed, { at, drop, put, again }) => {
      const start = Math.floor(at * changed.length)
      const part = changed.slice(start, start + drop)
      return changed.slice(0, start) + (again ? part + put + part : put) + changed.slice(start + drop)
    }, text),
  )
}
