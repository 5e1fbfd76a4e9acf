import { isVendorError, resilient, type VendorError } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { xenapi } from '../src/index.ts'
import { callOf, failureOfCall, formats, one, password, quick, urlOf, username } from './calls.ts'
import { jsonReply, value } from './pool.ts'

/** A host whose answer to anything but logins is this. */
function hostOf(answer: () => Response) {
  const heard: string[] = []
  const vendor = xenapi({ url: one, username, password })
  const client = resilient(
    async (_, init) => {
      const body = String(init?.body)
      if (/session\.log/.test(body)) return jsonReply(value('OpaqueRef:1'))
      heard.push(body)
      return answer()
    },
    { vendor, retry: quick },
  )
  return { heard, client }
}

const long = `<html>${' '.repeat(3_000_000)}</html>`
const none: Readonly<Record<string, () => Response>> = {
  'an empty body': () => new Response(''),
  'no body at all': () => new Response(null),
  'status 204': () => new Response(null, { status: 204 }),
  'a page': () => new Response('<html>maintenance</html>'),
  'a page with a mark': () => new Response('\ufeff<!doctype html><html>maintenance</html>'),
  'a page longer than is read': () => new Response(long),
  words: () => new Response('so it is'),
  'a text in JSON': () => Response.json('odd'),
  'a list': () => Response.json([]),
  'an object that says nothing': () => Response.json({ jsonrpc: '2.0', id: 1 }),
  'a beginning that says nothing': () => new Response('{"jsonrpc":"2.0",'),
  'a beginning of a value': () => new Response('{"result":'),
  'another document': () => new Response('<?xml version="1.0"?><feed/>'),
}

describe.each(Object.entries(none))('%s with a success status', (_, answer) => {
  it.each(formats)('is no success of a call that acts, which may be done: %s', async (format) => {
    const { heard, client } = hostOf(answer)
    const error = (await failureOfCall(
      client(urlOf(format), callOf(format, 'VM.clone', 'vm-1', 'copy')),
    )) as VendorError
    expect(isVendorError(error) && error).toMatchObject({
      code: 'UNKNOWN_FAILURE',
      outcome: 'unknown',
      mayBeDone: true,
      operation: 'VM.clone',
    })
    expect(heard).toHaveLength(1)
  })

  it('is a failure of a read that did nothing', async () => {
    const error = await failureOfCall(hostOf(answer).client(urlOf('json'), callOf('json', 'VM.get_all')))
    expect(error).toMatchObject({ code: 'UNKNOWN_FAILURE', mayBeDone: false })
  })

  it('is handed over where replies are asked for', async () => {
    const reply = await hostOf(answer).client.fetch(urlOf('json'), callOf('json', 'VM.clone', 'vm-1', 'copy'))
    expect(reply.ok).toBe(true)
    expect(await reply.text()).toBe(await answer().text())
  })
})

describe('a page that says that it is one', () => {
  const page = () => new Response('<html>maintenance</html>', { headers: { 'content-type': 'text/html' } })

  it('is waited out by a read', async () => {
    const { heard, client } = hostOf(page)
    const error = await failureOfCall(client(urlOf('json'), callOf('json', 'VM.get_all')))
    expect(error).toMatchObject({ code: 'FOREIGN_PAGE', kind: 'retryable', mayBeDone: false })
    expect(heard.length).toBeGreaterThan(1)
  })

  it('leaves unknown whether a call that acts was done', async () => {
    const { heard, client } = hostOf(page)
    const error = await failureOfCall(client(urlOf('json'), callOf('json', 'VM.clone', 'vm-1', 'copy')))
    expect(error).toMatchObject({ code: 'FOREIGN_PAGE', mayBeDone: true })
    expect(heard).toHaveLength(1)
  })

  it('may be what a handler sends', async () => {
    const { client } = hostOf(page)
    expect((await client(`${one}/`)).ok).toBe(true)
  })
})

it('the page in the place of an answer is shown to who wants to see it', async () => {
  const { client } = hostOf(() => new Response('<html>maintenance</html>'))
  const error = await failureOfCall(client(urlOf('json'), callOf('json', 'VM.get_all')))
  expect(await (error as VendorError).response?.text()).toBe('<html>maintenance</html>')
})

it.each([
  ['an answer that is cut off in its value, which streams on', 'POST', '/jsonrpc', '{"jsonrpc":"2.0","result":["a'],
  ['what a handler sends', 'GET', '/export?ref=vm-1', 'XVA'],
  ['a page of the host', 'GET', '/', '<html>welcome</html>'],
])('is not: %s', async (_, method, path, text) => {
  const { client } = hostOf(() => new Response(text))
  const init = method === 'POST' ? callOf('json', 'VM.get_all') : { method }
  expect(await (await client(one + path, init)).text()).toBe(text)
})
