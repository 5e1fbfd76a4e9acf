import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { undiciFetch } from '../src/index.ts'

const text = Array.from({ length: 20_000 }, (_, at) => at).join()
const packed: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync(text),
  deflate: deflateSync(text),
  'deflate without a wrapper': deflateRawSync(text),
  br: brotliCompressSync(text),
}
const bomb = deflateSync(Buffer.alloc(64 * 1_048_576), { level: 1 })

/** Bodies that a server sends under a coding, by the path of the request. */
const bodies: Record<string, { readonly coding: string; readonly chunks: readonly Buffer[] }> = {
  bomb: { coding: 'deflate', chunks: [bomb] },
  empty: { coding: 'deflate', chunks: [] },
}
for (const [name, whole] of Object.entries(packed)) {
  const [coding = ''] = name.split(' ')
  const put = (what: string, ...chunks: readonly Buffer[]) => {
    bodies[`${what} ${name}`] = { coding, chunks }
  }
  const middle = whole.length >> 1
  put('good', whole)
  put('good, byte by byte at first', whole.subarray(0, 1), whole.subarray(1, 2), whole.subarray(2))
  put('no', Buffer.from('this is none at all'))
  put('wrapped no', Buffer.from('\x08\x1dthis is none at all'))
  put('broken', whole.subarray(0, middle), Buffer.alloc(400, 0xff), whole.subarray(middle + 400))
  put('cut', whole.subarray(0, middle))
}

const server = createServer((request, response) => {
  const { coding, chunks } = bodies[decodeURIComponent(request.url?.slice(1) ?? '')] ?? { coding: '', chunks: [] }
  response.writeHead(200, { 'content-encoding': coding })
  for (const chunk of chunks) response.write(chunk)
  response.end()
})
const urlOf = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${encodeURIComponent(name)}`

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const ours = undiciFetch()
const read = async (fetch: typeof ours, name: string) => {
  const reply = await fetch(urlOf(name))
  return reply.text().then(
    (whole) => whole.length,
    (error: unknown) => String(error),
  )
}

describe('a body under a coding ends as that of `fetch`, and ends nothing else:', () => {
  it.each(Object.keys(bodies).filter((name) => name !== 'bomb'))('%s', async (name) => {
    expect(await read(ours, name)).toEqual(await read(globalThis.fetch, name))
  })
})

it('what unpacks to very much is unpacked as it is read', async () => {
  const before = process.memoryUsage().arrayBuffers
  const reply = await ours(urlOf('bomb'))
  const reader = reply.body?.getReader()
  await reader?.read()
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1_048_576)
  await reader?.cancel()
})
