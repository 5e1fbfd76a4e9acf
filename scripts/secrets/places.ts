import type { Fault } from '@holdfast/core/plugin'
import type { Subject, Written } from './vendors.ts'

/** The answers of a server, or of the network, to a call; `undefined` where a vendor has no such answer. */
export interface Answers {
  /** Absent where the login goes well. */
  readonly login?: () => Response
  readonly reply: () => Response
}

type Put = (subject: Subject, text: string) => Answers | undefined

/** Places in which a server, or the network, may repeat a text. */
export const places: Readonly<Record<string, Put>> = {
  'a message': (subject, text) => failing(subject, { code: subject.conflict, message: `no: ${text}.` }),
  'a parameter': (subject, text) => failing(subject, { code: subject.conflict, params: [text, `x ${text} x`] }),
  'deep in a parameter': ({ name, conflict, wire }, text) =>
    name === 'vsphere'
      ? failing({ conflict, wire }, { code: conflict, params: [{ list: [{ [`k ${text}`]: text }], text }] })
      : undefined,
  'an unlisted code': (subject, text) => failing(subject, { code: `ZZ.${text}`, status: 400, message: 'no' }),
  'a page': (_, text) => replying(text, 400),
  'a page of HTML': (_, text) => replying(`<html><body><h1>409</h1><p>${text}</p></body></html>`, 409),
  'a message in pieces': (subject, text) => pieces(firstOf(subject.wire, { code: subject.conflict, message: text })),
  'a page in UTF-16': (_, text) => replying(Buffer.from(`no: ${text}`, 'utf16le'), 400),
  'a page in Latin-1': (_, text) => replying(Buffer.from(`no: ${inLatin1(text)}`, 'latin1'), 409),
  'headers and status text': (_, text) =>
    inHeader(text) && { reply: () => new Response('no', { status: 400, statusText: text, headers: headersOf(text) }) },
  'where a redirect leads': (_, text) => {
    const location = `https://evil.example/${encodeURIComponent(text)}?${encodeURIComponent(text)}`
    return { reply: () => new Response(null, { status: 307, headers: { location } }) }
  },
  'a cause': (_, text) => throwing(new TypeError('fetch failed', { cause: networkError(text) })),
  'a chain of causes': (_, text) => {
    const inner = Object.assign(new Error('last', { cause: text }), hidden(text))
    const all = new AggregateError([networkError(text), new Error(text, { cause: inner })], text)
    return throwing(new TypeError('fetch failed', { cause: Object.assign(all, { code: 'ECONNRESET' }) }))
  },
  'an error of the caller’s fetch': (_, text) => throwing(new RangeError(`mistake ${text}`)),
  'members of an error of the caller’s fetch': (_, text) => throwing(Object.assign(new Error('mistake'), hidden(text))),
  'the class of an error': (_, text) => throwing(new (classWith(text))('mistake')),
  'a value that is no error': (_, text) => throwing({ why: text, ...hidden(text) }),
}

/** The same for a login, after which there is no session. */
export const loginPlaces: Readonly<Record<string, Put>> = {
  'a refused login': ({ isLogin, vendor, ...subject }, text) =>
    vendor?.auth && { login: () => refusing(subject, text), reply: () => new Response() },
  'a login that breaks off': ({ vendor }, text) =>
    vendor?.auth && {
      isWithoutSession: true,
      login: throwing(new Error(`no login: ${text}`)).reply,
      reply: () => new Response(),
    },
}

function failing({ wire }: Pick<Subject, 'wire' | 'conflict'>, fault: Fault): Answers | undefined {
  const written = firstOf(wire, fault)
  // XenAPI has no messages, and some have no parameters: nothing of the text is then sent.
  return written && { reply: () => new Response(written.body, written) }
}

function firstOf(wire: Subject['wire'], fault: Fault): Written | undefined {
  for (const write of Object.values(wire)) {
    const written = write(fault)
    if (written !== undefined && !('request' in written)) return written
  }
  return undefined
}

const replying = (body: string | Buffer<ArrayBuffer>, status: number): Answers => ({
  reply: () => new Response(body, { status }),
})

function refusing(subject: Pick<Subject, 'wire' | 'conflict'>, text: string): Response {
  const failed = failing(subject, { code: subject.conflict, message: text, params: [text] })
  return failed?.reply() ?? new Response(text, { status: 401 })
}

function pieces(written: Written | undefined): Answers | undefined {
  if (written === undefined) return undefined
  const bytes = new TextEncoder().encode(written.body)
  const cut = () =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7))
        controller.close()
      },
    })
  return { reply: () => new Response(cut(), written) }
}

const throwing = (thrown: unknown): Answers => ({
  reply() {
    throw thrown
  },
})

const networkError = (text: string) =>
  Object.assign(new Error(`read ECONNRESET ${text}`), { name: `E ${text}`, code: 'ECONNRESET', ...hidden(text) })

/** Members in which errors of the platform hold whole requests, and others that hold what they like. */
const hidden = (text: string) => ({
  data: Buffer.from(text),
  bytes: new TextEncoder().encode(text).buffer,
  options: { headers: { authorization: text }, list: [new Map([[text, new Set([text])]])] },
  request: new Headers(inHeader(text) ? { 'x-a': text } : {}),
  [`key ${text}`]: 1,
  [Symbol('hidden')]: text,
  [Symbol(text)]: 1,
  get late() {
    return text
  },
})

function classWith(text: string) {
  return class Mistake extends Error {
    get why() {
      return { text }
    }
  }
}

/** A writer has no other signs for what the encoding lacks. */
const inLatin1 = (text: string) => text.replaceAll('…', '...').replace(/[^\0-\xff]/g, '?')

const inHeader = (text: string) => (/^[\t\x20-\x7e\x80-\xff]*$/.test(text) ? true : undefined)
const headersOf = (text: string) => ({
  'x-error': text,
  'www-authenticate': `Basic realm="${text}"`,
  'set-cookie': text,
})
