import { replyOf } from '../../../packages/cli/src/reply.ts'
import { UsageError } from '../../../packages/cli/src/usage.ts'
import { ensure, type Target } from '../target.ts'

const body = '{"error_type":"NOT_FOUND"}'
const fields = ['content-type: application/json', 'date: today']
const head = ['HTTP/1.1 404 Not Found', ...fields]
const marked = (mark: string) => head.map((line) => mark + line)

const seeds = [
  [...head, '', body],
  ['HTTP/2 302', ...fields, '', ...head, '', body],
  [
    '* Connected to x',
    '> GET / HTTP/1.1',
    '>',
    ...marked('< '),
    '<',
    '{ [26 bytes data]',
    '* Connection #0 to host x',
    body,
  ],
  ['GET / HTTP/1.1', 'host: x', '', '', ...head, '', body],
  ['--2026-12-01 03:52:11--  http://x/', ...marked('  '), `Saving to: 'STDOUT'`, body, '2026-12-01 03:52:11 ERROR 404'],
].map((lines) => lines.join('\n'))

/** A reply as a tool has printed it. */
export const transcriptTarget: Target = {
  name: 'transcript',
  covers: /packages\/cli\/src\/(?:reply|transcript)/,
  seeds: [...seeds, ...seeds.map((text) => text.replaceAll('\n', '\r\n'))],
  run(input) {
    try {
      const { reply, hasStatus } = replyOf(input, '-', undefined)
      ensure(hasStatus || reply.status === 200, 'a status comes from a status line', reply.status)
      return `${hasStatus} ${Math.trunc(reply.status / 100)}`
    } catch (error) {
      ensure(error instanceof UsageError, 'what is not understood is named', error)
      return (error as Error).message.slice(0, 8)
    }
  },
  around: (hostile) =>
    ['', '\n', 'HTTP/1.1 200 OK\n', '< HTTP/1.1 200 OK\n< ', '  HTTP/1.1 200 OK\n', '* ', '\r100 '].map(
      (before) => before + hostile,
    ),
}
