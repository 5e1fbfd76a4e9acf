import { type Fault, isObject, parseJson, type Reply, textOf } from '@holdfast/core/plugin'
import { holdsWantedState } from './power-states.ts'

/** Characters of a fault that are read: everything of interest is near its beginning. */
const ENOUGH = 65_536
const LONGEST_MESSAGE = 1_000

const faultTag = /<(?:[\w-]{1,40}:)?Fault[\s>]/
/** Fault codes that are no names: SOAP's own, and vCenter's for all faults. In WS-Trust the fault code is the name of the fault. */
const faultCode =
  /<faultcode[^<>]{0,200}>\s{0,200}(?:[\w-]{1,40}:)?(?!(?:ServerFaultCode|Client|Server|VersionMismatch|MustUnderstand)\b)([A-Za-z]\w{0,79})(?![\w:-])/
const sentence = /<faultstring[^<>]{0,200}>([^<]{0,4000})/
/** The element in the detail, whose type is the name of the fault; without a type, its own name is. */
const detail = /<detail[^<>]{0,200}>\s{0,200}<(?:[\w-]{1,40}:)?([A-Za-z]\w{0,79})([^<>]{0,1000})>/
const typeAttribute = /\btype\s?=\s?["'](?:[\w-]{1,40}:)?([A-Za-z]\w{0,79})["']/

/** Reads a fault of the Web Services API, in SOAP or in JSON; `undefined` for any other body. */
export function readWebServicesFault({ status, text, request }: Reply): Fault | undefined {
  const head = text.slice(0, ENOUGH)
  const fault = /^\s{0,200}</.test(head) ? readSoap(head, status) : readJson(text, status)
  return fault?.code === 'InvalidPowerState' && holdsWantedState(request, head) ? { ...fault, achieved: true } : fault
}

function readSoap(text: string, status: number): Fault | undefined {
  if (!faultTag.test(text)) return undefined
  const [, element, attributes = ''] = detail.exec(text) ?? []
  const type = typeAttribute.exec(attributes)?.[1] ?? element?.replace(/Fault$/, '') ?? faultCode.exec(text)?.[1]
  return made(type, decoded(sentence.exec(text)?.[1] ?? ''), status)
}

/** `{_typeName: 'ManagedObjectNotFound', faultstring, faultMessage: [{message}]}`. */
function readJson(text: string, status: number): Fault | undefined {
  const body = parseJson(text)
  if (!isObject(body)) return undefined
  const type = textOf(body._typeName)
  const [first] = Array.isArray(body.faultMessage) ? body.faultMessage : []
  return type === undefined
    ? undefined
    : made(type, (isObject(first) && textOf(first.message)) || textOf(body.faultstring) || '', status)
}

/** The fault without a type: the server's own, like a system error. */
function made(type: string | undefined, text: string, status: number): Fault {
  const message = text.replace(/\s+/g, ' ').trim().slice(0, LONGEST_MESSAGE)
  return { code: type ?? 'SystemError', status, ...(message !== '' && { message }) }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

const decoded = (text: string): string =>
  text.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    const code = Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10)
    return entities[name] ?? (code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole)
  })
