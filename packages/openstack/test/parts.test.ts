import { isVendorError, resilient } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openstack } from '../src/index.ts'
import { scriptedIdentity } from '../src/testing.ts'
import { tokens as auth } from './tokens.ts'

const url = 'https://object.example'
const account = `${url}/v1/AUTH_p`
const login = scriptedIdentity()

beforeEach(() => {
  vi.useFakeTimers()
})

/** A client of a service with these answers, one after the other; the last one stays. */
function clientOf(...bodies: (string | Response)[]) {
  const sent: string[] = []
  const answer = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    if (request.url.includes('/auth/tokens')) return login.answer(request)
    sent.push(`${request.method} ${request.url.slice(url.length)}`)
    const body = (bodies.length > 1 ? bodies.shift() : bodies[0]) as string | Response
    return typeof body === 'string' ? new Response(body) : body.clone()
  }
  return { sent, client: resilient(answer as typeof fetch, { vendor: openstack({ url, auth }) }) }
}

async function outcomeOf(promise: Promise<Response>): Promise<unknown> {
  const settled = promise.then(
    (response) => response.text(),
    (thrown: unknown) => {
      if (!isVendorError(thrown)) throw thrown
      const { code, kind, mayBeDone, message } = thrown
      return { code, kind, mayBeDone, message }
    },
  )
  await vi.advanceTimersByTimeAsync(400_000)
  return settled
}

const errors = [
  ['c/a', '409 Conflict'],
  ['c/b%20c', '403 Forbidden'],
]
const json = (status: string, failed: readonly unknown[] = errors) =>
  JSON.stringify({
    'Number Not Found': 0,
    'Response Status': status,
    'Response Body': '',
    Errors: failed,
    'Number Deleted': 6,
  })
const text = (status: string) =>
  `Number Deleted: 6\nNumber Not Found: 0\nResponse Body: \nResponse Status: ${status}\nErrors:\n${errors.map((one) => `${one.join(', ')}\n`).join('')}`
const xml = (status: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<delete>\n<number_deleted>6</number_deleted>\n<response_body></response_body>\n<response_status>${status}</response_status>\n<errors>\n${errors.map(([name, of]) => `<object><name>${name}</name><status>${of}</status></object>\n`).join('')}</errors>\n</delete>\n`

describe('a request of Swift that does many things', () => {
  it.each([
    ['as JSON', json],
    ['as text', text],
    ['as XML', xml],
    ['as JSON, after the blanks that keep the connection open', (status: string) => `   \r\n\r\n${json(status)}`],
    ['as text, after such blanks', (status: string) => `  \r\n\r\n${text(status)}`],
  ])('is answered with 200, and has failed in parts all the same: %s', async (_, body) => {
    const { client, sent } = clientOf(body('400 Bad Request'))
    const outcome = await outcomeOf(client(`${account}?bulk-delete`, { method: 'POST', body: 'c/a\nc/b%20c\n' }))
    expect(outcome).toMatchObject({ code: 'PARTS_FAILED', kind: 'fatal', mayBeDone: true })
    expect((outcome as Error).message).toContain('400 Bad Request: 2 failed: c/a 409 Conflict; c/b%20c 403 Forbidden')
    expect(sent).toHaveLength(1)
  })

  it.each(['200 OK', '201 Created'])('has succeeded where its answer says %s', async (status) => {
    for (const body of [json(status, []), text(status).split('c/a')[0] ?? '', xml(status)]) {
      const { client } = clientOf(body)
      expect(await outcomeOf(client(`${account}?bulk-delete`, { method: 'POST', body: 'c/a\n' }))).toBe(body)
    }
  })

  it.each([
    ['POST', `${account}?bulk-delete`],
    ['DELETE', `${account}?bulk-delete=1`],
    ['PUT', `${account}/c?extract-archive=tar.gz`],
    ['DELETE', `${account}/c/large?multipart-manifest=delete`],
  ])('is sent again where parts of the service did not answer: %s %s', async (method, address) => {
    const { client, sent } = clientOf(json('502 Bad Gateway'), json('200 OK', []))
    expect(await outcomeOf(client(address, { method, body: 'c/a' }))).toBe(json('200 OK', []))
    expect(sent).toHaveLength(2)
  })

  it('is read where its answer came before its end, with 202', async () => {
    const { client } = clientOf(new Response(text('400 Bad Request'), { status: 202 }))
    const put = client(`${account}/c/large?multipart-manifest=put&heartbeat=on`, { method: 'PUT', body: '[]' })
    expect(await outcomeOf(put)).toMatchObject({ code: 'PARTS_FAILED' })
  })

  it('may take minutes', async () => {
    const { client } = clientOf(
      new Response(
        new ReadableStream({
          start(controller) {
            setTimeout(() => {
              controller.enqueue(new TextEncoder().encode(json('400 Bad Request')))
              controller.close()
            }, 350_000)
          },
        }),
      ),
    )
    const outcome = await outcomeOf(client(`${account}?bulk-delete`, { method: 'POST', body: 'c/a\n' }))
    expect(outcome).toMatchObject({ code: 'PARTS_FAILED' })
  })

  it('is not taken for one where an object has such words in it', async () => {
    const { client } = clientOf(json('400 Bad Request'))
    expect(await outcomeOf(client(`${account}/c/log.json`))).toBe(json('400 Bad Request'))
  })
})

describe('events for servers', () => {
  const events = (code: number) =>
    Response.json(
      {
        events: [
          { name: 'network-changed', server_uuid: 's-1', status: 'completed', code: 200 },
          { name: 'network-changed', server_uuid: 's-2', status: 'failed', code },
        ],
      },
      { status: code === 200 ? 200 : 207 },
    )

  it('of which Nova takes some have failed in parts', async () => {
    const { client, sent } = clientOf(events(422))
    const outcome = await outcomeOf(client(`${url}/v2.1/os-server-external-events`, { method: 'POST', body: '{}' }))
    expect(outcome).toMatchObject({ code: 'PARTS_FAILED', mayBeDone: true })
    expect((outcome as Error).message).toContain('1 failed: s-2 422')
    expect(sent).toHaveLength(1)
  })

  it('that are all taken have succeeded', async () => {
    const { client } = clientOf(events(200))
    expect(await outcomeOf(client(`${url}/v2.1/os-server-external-events`, { method: 'POST', body: '{}' }))).toContain(
      's-1',
    )
  })
})
