import { gzipSync } from 'node:zlib'
import { secrets } from './login.ts'

/** The beginning of an answer that is well. */
export const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'

const page = '<!doctype html><html><body>502 Bad Gateway</body></html>'
/** Just longer than the part of an answer that is read to classify it, because a slow machine decompresses it many times. */
const bomb = gzipSync(Buffer.alloc(3 * 2 ** 19, ' ')).toString('latin1')
const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'
const told = (status: string, body: string, headers = '') =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`
const packed = 'content-encoding: gzip\r\n'

const words = secrets.map((secret) => [secret, encodeURIComponent(secret), btoa(secret)].join(' ')).join(' ')
/** The words in every place in which some vendor looks for a message. */
const echo = JSON.stringify({
  message: words,
  error: { code: 400, message: words, title: words, data: [words] },
  error_code: words,
  error_msg: words,
  messages: [{ id: words, default_message: words, args: [words] }],
  badRequest: { code: 400, message: words },
})

/** Whole answers that a careless or a hostile server sends. */
export const hostileAnswers: Readonly<Record<string, string>> = {
  'a page': told('200 OK', page),
  'an empty body': told('200 OK', ''),
  'a mark and nothing else': told('200 OK', '\u00ef\u00bb\u00bf'),
  'bytes that are no text': told('200 OK', '{"\u00ff\u00fe\u00c0\u0080":1}'),
  'a hundred thousand brackets': told('200 OK', '['.repeat(100_000)),
  'a bomb': told('200 OK', bomb, packed),
  'a bomb that is a failure': told('500 Oh', bomb, packed),
  'a length that is a word': `${OK}content-length: two\r\n\r\n{}`,
  'a length below zero': `${OK}content-length: -1\r\n\r\n{}`,
  'a length beyond all numbers': `${OK}content-length: 99999999999999999999\r\n\r\n{}`,
  'a second answer behind the first': told('200 OK', '{}') + told('500 Oh', '{}'),
  'thousands of early hints': hints.repeat(2_000) + told('200 OK', '{}'),
  'early hints alone': hints.repeat(2_000),
  'a failure without a body': told('500 Oh', ''),
  'a page for a failure': told('502 Bad Gateway', page),
  'a challenge beside a failure': told('500 Oh', '{}', 'www-authenticate: Bearer error="invalid_token"\r\n'),
  'an endless wait': told('503 Oh', '{}', `retry-after: ${'9'.repeat(400)}\r\n`),
  'the secrets of its clients': told('500 Oh', echo),
  'the secrets of its clients in a success': told('200 OK', echo),
  'the secrets of its clients in place of an answer': `${words}\r\n\r\n`,
}
