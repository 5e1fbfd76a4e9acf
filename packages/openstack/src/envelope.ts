import { isObject, type JsonObject, parseJson, textOf } from '@holdfast/core/plugin'
import { LONGEST_WAIT } from './window.ts'

/** The content of a failure's body of any shape. */
export interface Envelope {
  /** The service's own code, as a string. An HTTP status is no code. */
  readonly code?: string
  /** The message, on one line, and cut if it is too long. */
  readonly message?: string
  /** An HTTP status in place of a code. */
  readonly status?: number
  readonly title?: string
  /** Milliseconds. */
  readonly retryAfter?: number
  /** The key of the error (`itemNotFound`), unless that is `error`. */
  readonly name?: string
  /** The identifier of the request, for the service's support. */
  readonly requestId?: string
  /** The JSON document that the message is, if it is one: its other members may matter. */
  readonly nested?: JsonObject
}

/** More than the engine ever reads of a body. */
const LONGEST_BODY = 1_048_576
const LONGEST_MESSAGE = 1_000
/** Most objects of a body that are searched. */
const MOST_OBJECTS = 64
/** Deepest nesting of documents in strings. */
const DEEPEST_TEXT = 3

const codeKeys = ['error_code', 'errorCode', 'code']
const messageKeys = [
  'error_msg',
  'message',
  'msg',
  'errorMessage',
  'error_message',
  'error_description',
  'error',
  'details',
  'detail',
  'faultstring',
  'description',
]

/**
 * Reads the body of a failure: flat or under a name, with numbers or strings as codes, perhaps with a message that is a document
 * itself.
 *
 * @returns `undefined` for a body without an error.
 */
export const readEnvelope = (text: string): Envelope | undefined => {
  const body = text.length > LONGEST_BODY ? undefined : parseJson(text)
  return body === undefined ? undefined : readValue(body, 0)
}

interface Found {
  readonly value: unknown
  readonly name: string | undefined
}

/** Searches from the outermost object inwards for a code. Without any code, the first status and the first message count. */
function readValue(body: unknown, depth: number): Envelope | undefined {
  const queue: Found[] = [{ value: body, name: undefined }]
  const requestId = isObject(body) ? textOf(body.request_id) : undefined
  let spoken: Envelope | undefined
  for (let at = 0; at < queue.length && at < MOST_OBJECTS; at++) {
    const { value, name } = queue[at] as Found
    const read = isObject(value) ? readObject(value, name, depth) : undefined
    // Deeper down, a code alone may mean anything.
    const isNamed = at === 0 || read?.message !== undefined || neutron.has(name ?? '')
    if (read?.code !== undefined && isNamed) return withId(read, requestId)
    spoken = withMessage(spoken, read)
    if (queue.length < MOST_OBJECTS) queue.push(...within(value))
  }
  return spoken && withId(spoken, requestId)
}

function readText(text: string, depth: number): Envelope | undefined {
  const body = parseJson(text)
  return body === undefined ? undefined : readValue(body, depth + 1)
}

/** The first object with a code or message. Heat has its status outside, and its message inside. */
function withMessage(spoken: Envelope | undefined, read: Envelope | undefined): Envelope | undefined {
  if (read?.message !== undefined && spoken?.message === undefined) return { ...read, ...spoken }
  return spoken ?? (read?.status === undefined ? undefined : read)
}

const withId = (envelope: Envelope, requestId: string | undefined): Envelope =>
  envelope.requestId !== undefined || requestId === undefined ? envelope : { ...envelope, requestId }

function within(value: unknown): Found[] {
  if (typeof value !== 'object' || value === null) return []
  const found: Found[] = []
  const named = !Array.isArray(value)
  for (const [key, member] of Object.entries(value)) {
    if (found.length === MOST_OBJECTS) break
    if (typeof member === 'object' && member !== null) found.push({ value: member, name: named ? key : undefined })
  }
  return found
}

function readObject(object: JsonObject, name: string | undefined, depth: number): Envelope {
  const { code = typeIn(object, name), status, phrase } = codeIn(object)
  const { message, inner, nested } = messageIn(object, depth)
  const title = textOf(object.title) ?? phrase
  const requestId = textOf(object.request_id)
  const known = {
    code: code ?? inner?.code,
    message,
    status: status ?? inner?.status,
    title: title ?? inner?.title,
    retryAfter: waitIn(object.retryAfter),
    name: name === 'error' || name === 'errors' ? undefined : name,
    requestId,
    nested,
  }
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
}

/** A wait in seconds as milliseconds. */
function waitIn(value: unknown): number | undefined {
  const isNumber = typeof value === 'number' || /^\s*\d+(?:\.\d+)?\s*$/.test(textOf(value) ?? '')
  const seconds = isNumber ? Number(value) : Number.NaN
  return seconds >= 0 && seconds <= LONGEST_WAIT ? seconds * 1_000 : undefined
}

interface CodeRead {
  readonly code?: string
  readonly status?: number
  readonly phrase?: string
}

function codeIn(object: JsonObject): CodeRead {
  for (const key of codeKeys) {
    const value = object[key]
    const text = Number.isSafeInteger(value) ? String(value) : (textOf(value)?.trim() ?? '')
    // `404`, "404" and "503 Service Unavailable" repeat the status line.
    const [, status, phrase] = /^([1-5]\d\d)(?: +([\w -]{1,60}))?$/.exec(text) ?? []
    if (status !== undefined) return { status: Number(status), ...(phrase !== undefined && { phrase }) }
    if (/^(?!0*$)[A-Za-z0-9][\w.:-]{0,79}$/.test(text)) return { code: text }
  }
  return {}
}

/** The keys of Neutron's failures, whose messages may be empty. */
const neutron: ReadonlySet<string> = new Set(['NeutronError', 'NotImplementedError'])

/** The code of a Neutron failure, which is the class of its exception. */
const typeIn = ({ type }: JsonObject, name: string | undefined): string | undefined => {
  const text = neutron.has(name ?? '') ? textOf(type) : undefined
  return text !== undefined && /^[A-Za-z]\w{0,79}$/.test(text) ? text : undefined
}

interface MessageRead {
  readonly message?: string | undefined
  readonly inner?: Envelope | undefined
  readonly nested?: JsonObject | undefined
}

function messageIn(object: JsonObject, depth: number): MessageRead {
  for (const key of messageKeys) {
    const text = textOf(object[key])?.trim()
    if (text === undefined || text === '') continue
    const inner = depth < DEEPEST_TEXT && text.startsWith('{') ? readText(text, depth) : undefined
    if (inner === undefined) return { message: onOneLine(text) }
    const document = parseJson(text)
    return { message: inner.message ?? onOneLine(text), inner, nested: isObject(document) ? document : undefined }
  }
  // For an exception that is not its own, Heat shows only the class.
  const type = 'traceback' in object ? textOf(object.type) : undefined
  return type === undefined ? {} : { message: onOneLine(type) }
}

/** A text on one line, of bounded length. */
export function onOneLine(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST_MESSAGE)
    .replace(/<br ?\/?>|\s+/gi, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line
}
