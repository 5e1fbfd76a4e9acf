import { connect } from 'node:net'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { serve } from '../src/index.ts'

const handlers = [
  http.get('/x', ({ request }) => HttpResponse.text(new URL(request.url).search)),
  http.post('/json', async ({ request }) => HttpResponse.json(await request.json())),
  http.get('/unspeakable', () => {
    throw Object.create(null)
  }),
]

/** The first line that a server answers to bytes on a connection of their own, and the answer's end. */
async function answerTo(url: string, bytes: string): Promise<{ status: string; text: string }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(bytes)
  let text = ''
  socket.setEncoding('latin1').on('data', (part) => {
    text += part
  })
  await new Promise((resolve) => socket.once('close', resolve))
  return { status: text.slice(9, 12), text }
}

const ask = (line: string, body = '') =>
  `${line} HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`

describe('a server of handlers lives on after', () => {
  it.for([
    ['TRACE', ask('TRACE /x'), '501'],
    ['CONNECT', 'CONNECT h:443 HTTP/1.1\r\nhost: h:443\r\n\r\n', '501'],
    ['a target in absolute form', ask('GET http://elsewhere.example/x?y=1'), '200'],
    ['a target in absolute form that is no URL', ask('GET http://[/x'), '400'],
    ['a target of another scheme', ask('GET ftp://h/x'), '400'],
    ['OPTIONS *', ask('OPTIONS *'), '204'],
    ['GET *', ask('GET *'), '400'],
    ['a path of nearly 8 KB', ask(`GET /${'a'.repeat(8_000)}`), '404'],
    ['a longer path', ask(`GET /${'a'.repeat(12_000)}`), '414'],
    ['a path that is longer than a head may be', ask(`GET /${'a'.repeat(40_000)}`), '431'],
    ['a path of bad escapes', ask('GET /%zz%'), '404'],
    ['a body that is nested too deep', ask('POST /json', '['.repeat(1_000_000)), '500'],
    ['a request that is none', 'nonsense\r\n\r\n', '400'],
    ['a handler that throws what has no text', ask('GET /unspeakable'), '500'],
  ] as const)('%s', async ([, bytes, status]) => {
    await using server = await serve(handlers)
    expect((await answerTo(server.url, bytes)).status).toBe(status)
    expect((await answerTo(server.url, ask('GET /x?alive'))).text).toContain('?alive')
  })
})
