import { SaxesParser } from 'saxes'
import { Malformed } from './malformed.ts'
import { double, type Struct, type Value } from './value.ts'

/** The call in an XML-RPC request. */
export interface XmlCall {
  readonly method: string
  readonly params: readonly Value[]
}

/** @throws {Malformed} */
export function readXmlCall(body: string): XmlCall {
  const call = parse(body)
  expectTag(call, 'methodCall')
  const [name, params] = call.children
  if (name === undefined || params === undefined) throw parseError('close_tag', 'open_tag')
  expectTag(name, 'methodName')
  expectTag(params, 'params')
  const values = params.children.map((param) => {
    expectTag(param, 'param')
    return readValue(only(param))
  })
  return { method: name.text, params: values }
}

interface Element {
  readonly name: string
  readonly children: Element[]
  text: string
}

/** No real request is nested more deeply. */
const deepest = 256

function parse(body: string): Element {
  const root: Element = { name: '', children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser({ xmlns: false })
  parser.on('error', () => {
    throw new Malformed('Xmlm.Error(_, _)')
  })
  parser.on('opentag', ({ name }) => {
    const element: Element = { name, children: [], text: '' }
    open.at(-1)?.children.push(element)
    if (open.push(element) > deepest) throw new Malformed('Stack overflow')
  })
  const addText = (text: string) => {
    const top = open.at(-1)
    if (top !== undefined) top.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => void open.pop())
  parser.write(body).close()
  return only(root)
}

function readValue(element: Element): Value {
  expectTag(element, 'value')
  const [typed] = element.children
  if (typed === undefined) return element.text
  const read = readers.get(typed.name)
  if (read === undefined) throw parseError(`open_tag(${typed.name})`, `open_tag(${[...readers.keys()].join('/')})`)
  return read(typed)
}

const integer = ({ text }: Element) => {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new Malformed('Failure("Int64.of_string")')
  return Number(text)
}

const readers: ReadonlyMap<string, (element: Element) => Value> = new Map<string, (element: Element) => Value>([
  ['int', integer],
  ['i8', integer],
  ['i4', integer],
  ['boolean', ({ text }) => text === '1'],
  ['double', ({ text }) => double(Number(text))],
  ['string', ({ text }) => text],
  ['dateTime.iso8601', ({ text }) => text],
  ['base64', ({ text }) => text],
  ['array', (array) => (array.children.length === 0 ? [] : only(array).children.map(readValue))],
  ['struct', (struct) => Object.fromEntries(struct.children.map(memberOf)) satisfies Struct],
  ['nil', () => null],
])

function memberOf(member: Element): [string, Value] {
  expectTag(member, 'member')
  const [name, value] = member.children
  if (name === undefined || value === undefined) throw parseError('close_tag', 'open_tag')
  expectTag(name, 'name')
  return [name.text, readValue(value)]
}

function only({ children }: Element): Element {
  const [child] = children
  if (child === undefined) throw parseError('close_tag', 'open_tag')
  return child
}

function expectTag({ name }: Element, wanted: string): void {
  if (name !== wanted) throw parseError(`open_tag(${name})`, `open_tag(${wanted})`)
}

const parseError = (got: string, expected: string) => new Malformed(`Xmlrpc.Parse_error("${got}", "${expected}", _)`)
