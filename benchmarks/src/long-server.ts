import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

/** Bytes of a long answer: all records of a very large pool. */
const LENGTH = 64 * 1024 * 1024
const record = `${'x'.repeat(64 * 1024 - 1)} `

/** The two formats of XenAPI: what comes before the records, and after. */
const formats = {
  json: { type: 'application/json', head: '{"jsonrpc":"2.0","result":["', tail: '"],"id":1}' },
  xml: {
    type: 'text/xml',
    head: '<?xml version="1.0"?><methodResponse><params><param><value><struct><member><name>Status</name><value>Success</value></member><member><name>Value</name><value>',
    tail: '</value></member></struct></value></param></params></methodResponse>',
  },
} as const

// A process of its own, so that the client's memory and processor time are the client's alone.
const server = createServer(async (request, response) => {
  const asked = await text(request)
  const { type, head, tail } = request.url === '/jsonrpc' ? formats.json : formats.xml
  response.writeHead(200, { 'content-type': type })
  if (/session\.log/.test(asked)) return void response.end(`${head}OpaqueRef:1${tail}`.replace(/\["|"\]/g, '"'))
  await pipeline(longAnswer(head, tail), response).catch(() => {})
})

function* longAnswer(head: string, tail: string): Generator<string> {
  yield head
  for (let sent = 0; sent < LENGTH; sent += record.length) yield record
  yield tail
}

server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.once('disconnect', () => process.exit())
