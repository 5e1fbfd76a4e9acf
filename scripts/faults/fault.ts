import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { hostileAnswers, OK } from './hostile-answers.ts'

/** A request that is to meet a fault. */
export interface Exchange {
  readonly socket: Socket
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
}

/** One way in which a server fails. */
export interface Fault {
  readonly name: string
  /** `head` before its body was read, `whole` after. */
  readonly when: 'head' | 'whole'
  /** True if the work is carried out all the same. */
  readonly does: boolean
  /** True if the client has to wait for its own time limit. */
  readonly isSilent?: boolean
  /** True if the work was certainly not done: no request arrived. */
  readonly isUnsent?: boolean
  play(exchange: Exchange): void
}

/** How a connection ends where an answer breaks off. */
const ends = {
  'is reset': (socket: Socket) => void socket.resetAndDestroy(),
  'is closed': (socket: Socket) => void socket.end(),
  'falls silent': () => {},
} as const
type End = keyof typeof ends

/** The bytes that a server has written before its connection ends: none, or the beginning of an answer. */
const beginnings: Readonly<Record<string, string>> = {
  'before any answer': '',
  'in the status line': 'HTTP/1.1 20',
  'in the headers': `${OK}content-len`,
  'after the headers': `${OK}content-length: 100\r\n\r\n`,
  'in a body with its length': `${OK}content-length: 100\r\n\r\n{"result":`,
  'after chunked headers': `${OK}transfer-encoding: chunked\r\n\r\n`,
  'in a chunk': `${OK}transfer-encoding: chunked\r\n\r\n20\r\n{"res`,
  'between chunks': `${OK}transfer-encoding: chunked\r\n\r\n5\r\n{"res\r\n`,
  'in packed bytes': `${OK}content-encoding: gzip\r\ncontent-length: 100\r\n\r\n\u001f`,
  'in the body of a failure': 'HTTP/1.1 500 Oh\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"er',
  'after a 103': 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n',
}

/** Begins that can be met before a request is whole. */
const early = Object.keys(beginnings).slice(0, 4)

const breaking = (when: Fault['when'], does: boolean, at: string, end: End): Fault => ({
  name: `${when === 'head' ? 'early, ' : does ? '' : 'undone, '}${at} the connection ${end}`,
  when,
  does,
  isSilent: end === 'falls silent',
  play({ socket }) {
    socket.write(beginnings[at] ?? '', 'latin1', () => ends[end](socket))
  },
})

const broken: Fault[] = (Object.keys(ends) as End[]).flatMap((end) => [
  ...Object.keys(beginnings).map((at) => breaking('whole', true, at, end)),
  ...early.map((at) => breaking('head', false, at, end)),
  breaking('whole', false, 'before any answer', end),
])

const cut = gzipSync('{"result":"a machine"}').toString('latin1').slice(0, -9)

/** Answers that are not HTTP, or not quite, and the end of the connection. */
const garbled: Fault[] = Object.entries({
  'words of another protocol': 'SSH-2.0-OpenSSH_9.6\r\n',
  'HTTP/0.9': '{"result":1}',
  'a status of two digits': 'HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n',
  'a status beyond 999': 'HTTP/1.1 1000 OK\r\ncontent-length: 0\r\n\r\n',
  'the status 99': 'HTTP/1.1 099 OK\r\ncontent-length: 0\r\n\r\n',
  'a status 101 that nobody asked for': 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n',
  'a header without a name': 'HTTP/1.1 200 OK\r\n: x\r\ncontent-length: 0\r\n\r\n',
  'a NUL in a header': 'HTTP/1.1 200 OK\r\nx-a: \u0000\r\ncontent-length: 0\r\n\r\n',
  'two lengths': `${OK}content-length: 2\r\ncontent-length: 3\r\n\r\n{}}`,
  'a length and chunks': `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'a chunk of no size': `${OK}transfer-encoding: chunked\r\n\r\nxyz\r\n`,
  'packed bytes that are cut off': `${OK}content-encoding: gzip\r\ncontent-length: ${cut.length}\r\n\r\n${cut}`,
  'packed bytes that are none': `${OK}content-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd`,
  'headers without end': `HTTP/1.1 200 OK\r\n${`x-a: ${'a'.repeat(1_000)}\r\n`.repeat(40)}`,
  'more than it promised': `${OK}content-length: 2\r\n\r\n{}HTTP/1.1 500 Oh\r\n\r\n`,
}).map(([name, text]) => ({
  name: `answers with ${name}`,
  when: 'whole',
  does: true,
  play: ({ socket }) => void socket.end(text, 'latin1'),
}))

const said = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  more: Partial<Pick<Fault, 'when' | 'does'>> = {},
): Fault => ({
  name: `${more.when === 'head' ? 'early, ' : ''}answers ${[status, ...Object.entries(headers).flat()].join(' ')}${more.does ? ', though it has done it' : ''}`,
  when: 'whole',
  does: false,
  ...more,
  play({ response, request }) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(status === 204 || status === 304 ? '' : '{"message":"so it is"}')
    // A server that answers early stops reading.
    if (more.when === 'head') response.once('finish', () => request.socket.destroySoon())
  },
})

const retryAfter = ['0', '1', '-1', 'soon', new Date(0).toUTCString(), '99999999999999999999']

const refusals: Fault[] = [
  ...[301, 302, 303, 307, 308].flatMap((status) => [
    said(status, { location: '/elsewhere' }),
    said(status, { location: '?again' }),
    said(status),
    said(status, { location: 'http://[' }),
  ]),
  ...[400, 401, 403, 404, 408, 409, 413, 425, 429, 500, 501, 502, 503, 504, 599].map((status) => said(status)),
  ...[500, 502, 504].map((status) => said(status, {}, { does: true })),
  ...[429, 503].flatMap((status) => retryAfter.map((word) => said(status, { 'retry-after': word }))),
  ...[200, 401, 413, 503].map((status) => said(status, { connection: 'close' }, { when: 'head' })),
  said(204, {}, { does: true }),
  said(304),
]

/** Whole answers that a careless or a hostile server sends. */
const hostile: Fault[] = Object.entries(hostileAnswers).map(([name, text]) => ({
  name: `sends ${name}`,
  when: 'whole',
  does: true,
  play: ({ socket }) => void socket.end(text, 'latin1'),
}))

/** Places to which fetch follows no redirect. */
const nowhere: Fault[] = [
  'gopher://127.0.0.1/',
  'http://guest:open-sesame@127.0.0.1:9/',
  'http://127.0.0.1:25/',
].flatMap((location) => [302, 303, 307].map((status) => said(status, { location })))

/** Answers well and closes a connection that it said it would keep. */
const keepAlive: Fault = {
  name: 'closes a connection that it said it would keep',
  when: 'whole',
  does: true,
  play: ({ socket }) => void socket.end(`${OK}content-length: 2\r\nconnection: keep-alive\r\n\r\n{}`),
}

/** Nothing listens at the port. */
export const refused: Fault = {
  name: 'refuses connections',
  when: 'head',
  does: false,
  isUnsent: true,
  play: () => {},
}

export const faults: readonly Fault[] = [refused, ...broken, ...garbled, ...refusals, ...hostile, ...nowhere, keepAlive]
