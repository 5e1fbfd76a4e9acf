import type { Reply } from '@holdfast/core/plugin'
import { expect, it } from 'vitest'
import { parse } from '../src/parse.ts'

/** A reply as the engine hands it to the vendor. */
function replyOf(status: number, text: string, method = 'GET', path = '/things'): Reply {
  const origin = 'https://acme.example'
  const request = { method, url: origin + path, origin, path, query: '', bodyText: undefined }
  return { status, headers: new Headers(), text, complete: true, request }
}

// The wire of `testing.ts` is yours, too, and proves nothing: put here what a server has sent, byte for byte.
it('reads the example of the document', () => {
  const text = '{"code": "NAME_TAKEN", "message": "web-1 is taken", "params": ["web-1"]}'
  const fault = { code: 'NAME_TAKEN', status: 409, message: 'web-1 is taken', params: ['web-1'] }
  expect(parse(replyOf(409, text))).toEqual(fault)
})

it('leaves a proxy’s page alone', () => {
  expect(parse(replyOf(502, '<html>502 Bad Gateway</html>'))).toBeUndefined()
})
