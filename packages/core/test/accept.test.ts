import { beforeEach, describe, expect, it, vi } from 'vitest'
import { acceptedOf, failureOf, type ResilientOptions, resilient } from '../src/index.ts'
import { resilientKy } from '../src/ky.ts'
import type { Vendor } from '../src/plugin.ts'
import { type catalogue, depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { breaks, fine, stubFetch } from './helpers/stub-fetch.ts'

type Row = (typeof catalogue)['rows'][number]

const url = 'https://depot.example/parcels/7'
const put = { method: 'PUT', body: '{"to":"shelf"}' }
const there = says('PARCEL_THERE', { message: 'it lies there' })

beforeEach(() => {
  vi.useFakeTimers()
})

const client = (options: ResilientOptions<Row> = {}, answer = there) =>
  resilient(stubFetch(answer).fetch, { vendor: depot(), acceptAchieved: true, ...options })

describe('a conflict that is accepted', () => {
  it('is a reply that is ok, to whoever throws and to whoever returns', async () => {
    for (const send of [client(), client().fetch]) {
      const reply = await played(send(url, put))
      expect(reply).toMatchObject({ ok: true, status: 204 })
      expect(failureOf(reply)).toBeUndefined()
    }
  })

  it('has the conflict attached, with the vendor’s reply', async () => {
    const conflict = acceptedOf(await played(client()(url, put)))
    expect(conflict).toMatchObject({ code: 'PARCEL_THERE', achieved: true, reason: 'conflict', status: 400 })
    expect(conflict?.attempts).toMatchObject([{ decision: { do: 'return', reason: 'achieved' } }])
    expect(await conflict?.response?.json()).toEqual({ error: { code: 'PARCEL_THERE', message: 'it lies there' } })
  })

  it('is none where the reply is the server’s own success', async () => {
    expect(acceptedOf(await played(client({}, fine)(url, put)))).toBeUndefined()
  })

  it('is a success to ky as well', async () => {
    const { fetch } = stubFetch(there)
    const api = resilientKy({ fetch, vendor: depot(), acceptAchieved: true })
    const reply = await played(api.put(url, { json: {} }))
    expect(reply.ok).toBe(true)
    expect(acceptedOf(reply)?.code).toBe('PARCEL_THERE')
    const returning = await played(api.put(url, { json: {}, throwHttpErrors: false }))
    expect(returning.ok).toBe(true)
  })

  it('is in the vendor’s own form, where it has one', async () => {
    const success: Vendor['success'] = ({ bodyText }) => ({
      body: `{"done":${bodyText}}`,
      contentType: 'application/json',
    })
    const reply = await played(client({ vendor: depot({ success }) })(url, put))
    expect(reply.headers.get('content-type')).toBe('application/json')
    expect(await reply.json()).toEqual({ done: { to: 'shelf' } })
  })

  it('is a success by the word of `onConflict`, too', async () => {
    const accepting = client({ acceptAchieved: false, onConflict: () => 'accept' }, says('PARCEL_LOCKED'))
    const reply = await played(accepting(url, put))
    expect(reply.ok).toBe(true)
    expect(acceptedOf(reply)).toMatchObject({ code: 'PARCEL_LOCKED', achieved: false })
  })

  it('holds no socket', async () => {
    let cancelled = false
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"error":{"code":"PARCEL_THERE"}}')),
      cancel: () => {
        cancelled = true
      },
    })
    const partly = depot({ parse: () => ({ code: 'PARCEL_THERE' }) })
    expect((await played(client({ vendor: partly }, () => new Response(body, { status: 409 }))(url, put))).ok).toBe(
      true,
    )
    expect(cancelled).toBe(true)
  })

  it('is none where no reply came', async () => {
    const errors = { ECONNRESET: { kind: 'conflict' } } as const
    const accepting = client({ errors, onConflict: () => 'accept' }, breaks('ECONNRESET'))
    expect((await failure(accepting(url, put))).message).toContain('fetch failed')
  })
})

describe('a conflict whose answer names the wanted state', () => {
  const locked = says('PARCEL_LOCKED', { achieved: true })

  it('is achieved', async () => {
    expect(await failure(client({ acceptAchieved: false }, locked)(url, put))).toMatchObject({ achieved: true })
    expect((await played(client({}, locked)(url, put))).ok).toBe(true)
  })

  it('and no other error is, whatever its answer says', async () => {
    expect(await failure(client({}, says('LABEL_BAD', { achieved: true }))(url, put))).toMatchObject({
      achieved: false,
    })
    expect(await failure(client({}, says('PARCEL_LOCKED'))(url, put))).toMatchObject({ achieved: false })
  })
})
