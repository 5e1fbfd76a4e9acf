import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { type ResilientFetch, type ResilientInit, type ResilientOptions, resilient } from '../src/index.ts'
import type { BodyNeed } from '../src/plugin.ts'
import { depot, says } from './helpers/depot.ts'
import { byBeginning } from './helpers/sniffs.ts'
import { stubFetch } from './helpers/stub-fetch.ts'
import { useServer } from './helpers/use-server.ts'

const origin = 'https://api.example'
const cookies = () => {
  const headers = new Headers({ 'x-odd': 'a, b' })
  headers.append('set-cookie', 'a=1; Path=/')
  headers.append('set-cookie', 'b=2; Expires=Wed, 06 May 2026 12:00:00 GMT')
  return headers
}

useServer(
  http.get(`${origin}/parcel`, () => new HttpResponse('a parcel', { headers: cookies(), statusText: 'Fine Indeed' })),
  http.get(`${origin}/moved`, () => HttpResponse.redirect(`${origin}/parcel`, 302)),
  http.get(`${origin}/empty`, () => new HttpResponse(null, { status: 204, headers: cookies() })),
  http.get(`${origin}/nothing`, () => new HttpResponse('')),
  http.get(`${origin}/cached`, () => new HttpResponse(null, { status: 304 })),
  http.get(`${origin}/missing`, () => new HttpResponse('no such parcel', { status: 404, headers: cookies() })),
  http.head(`${origin}/parcel`, () => new HttpResponse(null, { headers: { 'content-length': '8' } })),
)

const client = (options: ResilientOptions = {}) => resilient((input, init) => globalThis.fetch(input, init), options)

/** Each way that a reply takes through the engine. */
const ways: [string, () => ResilientFetch, ResilientInit][] = [
  ['untouched', () => client(), {}],
  ['with no limit at all', () => client({ timeout: false, totalTimeout: false }), {}],
  ['under the caller’s signal', () => client(), { signal: new AbortController().signal }],
  ['under an idle limit', () => client({ bodyTimeout: 5_000 }), {}],
  ['with its head read', () => client({ vendor: depot({ bodyNeed: byBeginning }) }), {}],
  ['read as a whole', () => client({ vendor: depot({ bodyNeed: () => 'whole' }) }), {}],
]

describe.each(ways)('a reply %s', (_, make, init) => {
  it.each(['/parcel', '/moved', '/empty', '/nothing', '/cached'])(
    'says of itself what fetch says: %s',
    async (path) => {
      const ours = await make()(origin + path, init)
      const own = await globalThis.fetch(origin + path)
      expect(ours).toBeInstanceOf(Response)
      const facts = ({ url, redirected, type, status, statusText, ok, bodyUsed }: Response) => ({
        url,
        redirected,
        type,
        status,
        statusText,
        ok,
        bodyUsed,
      })
      expect(facts(ours)).toEqual(facts(own))
      expect([...ours.headers]).toEqual([...own.headers])
      expect(ours.headers.getSetCookie()).toEqual(own.headers.getSetCookie())
      expect(ours.body === null).toBe(own.body === null)
      expect(await ours.text()).toBe(await own.text())
    },
  )

  it('can be read in every way that fetch offers, once', async () => {
    const get = () => make()(`${origin}/parcel`, init)
    expect(await (await get()).text()).toBe('a parcel')
    expect(new TextDecoder().decode(await (await get()).arrayBuffer())).toBe('a parcel')
    expect(await (await (await get()).blob()).text()).toBe('a parcel')
    await expect((await get()).json()).rejects.toThrow(SyntaxError)
    const streamed = await get()
    const chunks: Uint8Array[] = []
    for await (const chunk of streamed.body ?? []) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('a parcel')
    expect(streamed.bodyUsed).toBe(true)
    await expect(streamed.text()).rejects.toThrow(TypeError)
  })

  it('can be cloned, and the clone is as good', async () => {
    const response = await make()(`${origin}/moved`, init)
    const clone = response.clone()
    const again = clone.clone()
    for (const one of [clone, again]) {
      expect([one.url, one.redirected, one.status, one.statusText]).toEqual([
        `${origin}/parcel`,
        true,
        200,
        'Fine Indeed',
      ])
      expect(one.headers.getSetCookie()).toHaveLength(2)
    }
    const texts = await Promise.all([response.text(), clone.text(), again.text()])
    expect(texts).toEqual(['a parcel', 'a parcel', 'a parcel'])
  })

  it('to HEAD has no body', async () => {
    const response = await make()(`${origin}/parcel`, { ...init, method: 'HEAD' })
    expect([response.status, response.body, response.headers.get('content-length')]).toEqual([200, null, '8'])
  })

  it('that is a failure is as good, by fetch’s own contract and in the error', async () => {
    const returned = await make().fetch(`${origin}/missing`, init)
    const { response } = (await make()(`${origin}/missing`, init).catch((error: unknown) => error)) as {
      response: Response
    }
    for (const one of [returned, response]) {
      expect([one.url, one.status, one.bodyUsed]).toEqual([`${origin}/missing`, 404, false])
      expect(one.headers.getSetCookie()).toHaveLength(2)
      expect(await one.clone().text()).toBe('no such parcel')
      expect(await one.text()).toBe('no such parcel')
    }
  })
})

describe('a body that we look into', () => {
  const chunks = (...parts: readonly Uint8Array[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of parts) controller.enqueue(part)
        controller.close()
      },
    })
  const looking = (body: () => BodyInit, bodyNeed: BodyNeed = byBeginning()) =>
    resilient(stubFetch(() => new Response(body())).fetch, { vendor: depot({ bodyNeed: () => bodyNeed }) })

  it('comes out byte for byte, however it was cut', async () => {
    const parts = Array.from({ length: 50 }, (_, at) => new Uint8Array(at * 37).fill(at))
    for (const need of [byBeginning(), 'whole'] as const) {
      const response = await looking(() => chunks(...parts.map((part) => part.slice())), need)(origin)
      expect(Buffer.concat(parts).equals(Buffer.from(await response.arrayBuffer()))).toBe(true)
    }
  })

  it('may come out of memory that others use too', async () => {
    const neighbour = Buffer.from('neighbour')
    const pooled = () => chunks(Buffer.from('from '), Buffer.from('the pool'))
    for (const need of [byBeginning(), 'whole'] as const) {
      const response = await looking(pooled, need)(origin)
      expect(await response.text()).toBe('from the pool')
    }
    expect(neighbour.toString()).toBe('neighbour')
    expect(Buffer.from('later').toString()).toBe('later')
  })

  it('is known for a fault although its letters are cut in two', async () => {
    const bytesOfReply = await (says('LABEL_BAD', { message: 'Größe' })({} as never) as Response).arrayBuffer()
    const bytes = Array.from(new Uint8Array(bytesOfReply), (byte) => Uint8Array.of(byte))
    const error = await looking(() => chunks(...bytes), 'whole')(origin).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'LABEL_BAD', status: 200, message: expect.stringContaining('Größe') })
  })

  it('is passed on as it comes, where only its head is looked at', async () => {
    let pulled = 0
    const long = () =>
      new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            pulled++
            controller.enqueue(new Uint8Array(1_024))
          },
        },
        { highWaterMark: 0 },
      )
    const response = await looking(long)(origin)
    expect(pulled).toBeLessThanOrEqual(4)
    const reader = response.body?.getReader()
    for (let chunk = 0; chunk < 9; chunk++) expect((await reader?.read())?.value?.byteLength).toBe(1_024)
    expect(pulled).toBeLessThanOrEqual(10)
    await reader?.cancel()
  })
})
