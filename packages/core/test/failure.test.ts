import { inspect } from 'node:util'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isVendorError, type ResilientOptions, resilient, withResilience } from '../src/index.ts'
import { failure } from './helpers/play.ts'
import { type LodgeRow, lodge, lodgeOrigin, password, refusal } from './helpers/session-vendor.ts'
import { fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const room = `${lodgeOrigin}/rooms/7`
const book = { url: room, method: 'POST' }

beforeEach(() => {
  vi.useFakeTimers()
})

const { auth: _, ...withoutLogin } = lodge()

function asked(options: ResilientOptions<LodgeRow> = {}, answer = fine) {
  const { fetch, sent } = stubFetch(answer)
  const events: unknown[] = []
  const observers = [(event: unknown) => void events.push(event)]
  return { client: resilient(fetch, { vendor: lodge(), observers, ...options }), sent, events }
}

describe('client.failure makes the error that the client would throw', () => {
  it('of the vendor’s row for the fault, with its parameters, hint and request', async () => {
    const fault = { code: 'ROOM_TAKEN', params: ['7', 'somebody'], message: 'No vacancy.' }
    const made = await asked().client.failure(fault, { ...book, url: `${room}?night=1` })
    expect(isVendorError(made, 'lodge') && made).toMatchObject({
      code: 'ROOM_TAKEN',
      kind: 'conflict',
      outcome: 'rejected',
      mayBeDone: false,
      reason: 'conflict',
      params: { room: '7', guest: 'somebody' },
      hint: 'Take another room.',
      request: { method: 'POST', url: room },
    })
    expect(made.message).toContain('No vacancy.')
  })

  it.each([
    { code: 'ROOM_TAKEN', params: ['7'] },
    { code: 'ROOM_TAKEN', details: ['ROOM_BEING_CLEANED'] },
    { code: 'KEY_EXPIRED' },
    { code: 'DESK_CLOSED', message: 'closed' },
    { code: 'BELL_BROKEN' },
    { code: 'DESK_MOVED', params: ['desk.example'] },
    { code: 'CHIMNEY_BLOCKED' },
  ])('as if it were the answer to that request: %j', async (fault) => {
    const answer = refusal(fault.code as LodgeRow['code'], fault)
    const options: ResilientOptions<LodgeRow> = { vendor: withoutLogin, retry: 0 }
    const thrown = await failure(asked(options, () => answer.clone()).client(room, { method: 'POST' }))
    const made = await asked(options).client.failure(fault, book, { response: answer })
    const { attempts: _thrown, stack: _at, ...words } = thrown
    expect(made).toMatchObject(words)
    expect(made.message).toBe(thrown.message)
    expect(made.attempts).toMatchObject([{ attempt: 1, decision: { do: 'fail', reason: thrown.reason } }])
  })

  it('where only the network or a status has such a code', async () => {
    const { client } = asked()
    expect(await client.failure({ code: 'ECONNRESET' }, book)).toMatchObject({ vendor: 'http', mayBeDone: true })
    expect(await client.failure({ code: 'HTTP_503' }, book)).toMatchObject({ vendor: 'http', status: 503 })
    expect(await client.failure({ code: 'ECONNREFUSED' }, book)).toMatchObject({ mayBeDone: false })
  })

  it('of plain HTTP, for a client without a vendor', async () => {
    const client = resilient(async () => new Response())
    const closed = await client.failure({ code: 'HTTP_429', retryAfter: 7_000 }, { url: 'https://example.com/' })
    expect(closed).toMatchObject({ vendor: 'http', kind: 'retryable', reason: 'attempts', retryAfter: 7_000 })
    const odd = await client.failure({ code: 'ODD' }, { url: 'https://example.com/', method: 'POST' })
    expect(odd).toMatchObject({
      vendor: 'http',
      kind: 'fatal',
      reason: 'unlisted',
      outcome: 'unknown',
      mayBeDone: true,
    })
  })

  it('whatever would be tried first: a wait, a login, another host, a question', async () => {
    const onConflict = vi.fn(() => 'accept' as const)
    const options = { trustedHosts: ['desk.example'], onConflict, acceptAchieved: true }
    const { client, sent, events } = asked(options)
    const reasons = ['DESK_CLOSED', 'KEY_EXPIRED', 'DESK_MOVED', 'ROOM_TAKEN', 'ROOM_READY'].map(
      async (code) => (await client.failure({ code, params: ['desk.example'] }, { url: room })).reason,
    )
    expect(await Promise.all(reasons)).toEqual(['attempts', 'auth', 'attempts', 'conflict', 'conflict'])
    expect(onConflict).not.toHaveBeenCalled()
    expect([sent, events, client.state.snapshot(), vi.getTimerCount()]).toEqual([[], [], [], 0])
  })

  it('with the reply that told of it', async () => {
    const response = await reply(503, 'come back', { 'retry-after': '9' })({} as never)
    const made = await asked().client.failure({ code: 'DESK_CLOSED' }, book, { response })
    expect(made).toMatchObject({ status: 503, retryAfter: 9_000 })
    expect(await made.response?.text()).toBe('come back')
  })
})

describe('a failure of work that had begun', () => {
  it.each([
    ['ROOM_TAKEN', 'conflict'],
    ['DESK_CLOSED', 'settled'],
    ['KEY_EXPIRED', 'auth'],
    ['ROOM_UNKNOWN', 'fatal'],
  ])('may have been done in part, and is over: %s', async (code, reason) => {
    const { client } = asked()
    const fault = { code, inTask: true, settled: true }
    expect(await client.failure(fault, book)).toMatchObject({ outcome: 'unknown', mayBeDone: true, reason })
    expect(await client.failure(fault, { url: room })).toMatchObject({ outcome: 'unknown', mayBeDone: false })
  })

  it('is what the user says it is, for the client or for the call', async () => {
    const fault = { code: 'ROOM_TAKEN', inTask: true }
    const errors = { ROOM_TAKEN: { kind: 'retryable', outcome: 'rejected' } } as const
    const meant = { kind: 'retryable', outcome: 'rejected', mayBeDone: false }
    expect(await asked({ errors }).client.failure(fault, book)).toMatchObject(meant)
    expect(await asked().client.extend({ errors }).failure(fault, book)).toMatchObject(meant)
    expect(await asked().client.failure(fault, { ...book, resilience: { errors } })).toMatchObject(meant)
    const request = withResilience(new Request(room, { method: 'POST' }), { errors })
    expect(await asked().client.failure(fault, request)).toMatchObject(meant)
  })

  it('may have been done whatever anybody says, where its end was not seen', async () => {
    const errors = { ROOM_TAKEN: { kind: 'retryable', outcome: 'rejected' } } as const
    const made = await asked({ errors }).client.failure({ code: 'ROOM_TAKEN' }, book, { outcome: 'unknown' })
    expect(made).toMatchObject({ kind: 'conflict', outcome: 'unknown', mayBeDone: true })
    const network = await asked().client.failure({ code: 'ECONNREFUSED' }, book, { outcome: 'unknown' })
    expect(network).toMatchObject({ outcome: 'unknown', mayBeDone: true })
  })

  it('refuses options that cannot be meant', async () => {
    const resilience = { errors: { ROOM_TOKEN: { retry: 1 } } } as never
    await expect(asked().client.failure({ code: 'ROOM_TAKEN' }, { ...book, resilience })).rejects.toThrow('ROOM_TOKEN')
  })
})

describe('a failure shows', () => {
  const key = 'key-of-the-house-1'
  const answer = ({ url }: { readonly url: string }) =>
    url.endsWith('/login') ? Response.json({ key }) : new Response()
  const shown = (error: unknown) => `${inspect(error, { depth: 9 })} ${JSON.stringify(error)}`

  it('neither the session nor the login, wherever the server repeats them', async () => {
    const { client } = asked({}, answer)
    await client(room)
    const words = `no ${key} for ${password}`
    const fault = { code: `MADE_UP ${key}`, message: words, params: [words, { [key]: [words] }], details: [words] }
    const made = await client.failure(fault, book, { cause: new Error(words) })
    expect(made.code).toBe('MADE_UP [redacted]')
    expect(made.cause).toMatchObject({ message: 'no [redacted] for [redacted]' })
    for (const secret of [key, password]) expect(shown(made)).not.toContain(secret)
    const after = await client.extend({ retry: 0 }).failure(fault, { url: 'https://elsewhere.example/' })
    expect(shown(after)).not.toContain(key)
    await client.close()
    expect(shown(await client.failure(fault, book))).not.toContain(key)
  })

  it('no secret that its request shows', async () => {
    const vendor = lodge({ secretsIn: ({ bodyText = '' }) => /pin=(\w+)/.exec(bodyText)?.slice(1) ?? [] })
    const { client } = asked({ vendor })
    const fault = { code: 'ROOM_TAKEN', message: 'header-secret, query-secret and hunter3' }
    const url = `${room}?token=query-secret`
    const init = { method: 'POST', headers: { authorization: 'Bearer header-secret' }, body: 'pin=hunter3' }
    for (const request of [{ url, ...init }, new Request(url, init), { url, ...init, body: new Blob([init.body]) }]) {
      const made = shown(await client.failure(fault, request))
      for (const secret of ['header-secret', 'query-secret', 'hunter3']) expect(made).not.toContain(secret)
    }
  })

  it('nothing of the client’s defaults that is secret', async () => {
    const { client } = asked({ init: { headers: { authorization: 'Bearer default-secret' } } })
    expect(shown(await client.failure({ code: 'ROOM_TAKEN', message: 'default-secret' }, book))).not.toContain(
      'default-secret',
    )
  })

  it('whose body it was, and leaves that to be sent', async () => {
    const request = new Request(room, { method: 'POST', body: 'pin=1234' })
    await asked().client.failure({ code: 'ROOM_TAKEN' }, request)
    expect(await request.text()).toBe('pin=1234')
    expect(await asked().client.failure({ code: 'ROOM_TAKEN' }, request)).toMatchObject({ code: 'ROOM_TAKEN' })
  })
})
