import { getEventListeners } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  failureOf,
  isRefused,
  type Observer,
  type ResilientInit,
  type ResilientOptions,
  resilient,
  type VendorError,
} from '../src/index.ts'
import { played } from './helpers/play.ts'
import { type LodgeRow, lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { type Answer, deaf, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const room = `${lodgeOrigin}/rooms/7`
const { auth: _, ...vendor } = lodge()
const post = { method: 'POST', body: 'a bed' }

beforeEach(() => {
  vi.useFakeTimers()
})

const says = (code: LodgeRow['code']) => () => refusal(code)
const forever = () => new Promise<never>(() => {})

/** What a call ends with whose client is closed after so many milliseconds, and what was sent until long after. */
async function closedAfter(
  ms: number,
  script: readonly [Answer, ...Answer[]],
  options: ResilientOptions<LodgeRow>,
  init: ResilientInit<LodgeRow> = post,
) {
  const { fetch, sent } = stubFetch(...script)
  const client = resilient(fetch, { vendor, ...options })
  const call = client(room, init).catch((thrown: unknown) => thrown)
  await vi.advanceTimersByTimeAsync(ms)
  await played(client.close({ drain: 0 }))
  const thrown = await call
  const error = thrown as VendorError
  await vi.advanceTimersByTimeAsync(600_000)
  return { error, sent, refusal: isRefused(thrown) ? thrown.reason : undefined }
}

describe('a call whose client is closed', () => {
  it.each<[LodgeRow['code'], boolean]>([
    ['ROOM_TAKEN', true],
    ['ROOM_TAKEN', false],
  ])('while its user is asked about %s ends with that: done perhaps %s', async (code, mayBeDone) => {
    const errors = { [code]: { kind: 'conflict', outcome: mayBeDone ? 'unknown' : 'rejected' } } as const
    const { error } = await closedAfter(10, [says(code)], { errors, onConflict: forever })
    expect(error).toMatchObject({ name: 'VendorError', code, reason: 'closed', mayBeDone })
    expect(error.attempts).toHaveLength(1)
  })

  it.each(['act', 'observe'] as const)('while its request is under way may be done, in mode %s', async (mode) => {
    const { error } = await closedAfter(10, [deaf], { mode })
    expect(error).toMatchObject({ code: 'CLIENT_CLOSED', reason: 'closed', mayBeDone: true })
    expect(error.attempts).toMatchObject([{ ms: 10, code: 'CLIENT_CLOSED' }])
  })

  it.each(['act', 'observe'] as const)('while its body is being made is refused, in mode %s', async (mode) => {
    const body = () => new Promise<string>((resolve) => setTimeout(() => resolve('a bed'), 1_000))
    const { refusal: reason, sent } = await closedAfter(10, [fine], { mode }, { method: 'POST', resilience: { body } })
    expect(reason).toBe('closed')
    expect(sent).toEqual([])
  })

  it('while its `beforeAttempt` is asked is refused', async () => {
    const beforeAttempt = () => new Promise<undefined>((resolve) => setTimeout(resolve, 1_000))
    const { refusal: reason, sent } = await closedAfter(10, [fine], { beforeAttempt })
    expect(reason).toBe('closed')
    expect(sent).toEqual([])
  })

  it.each([...Array(8).keys()])(
    '%i turns before `beforeAttempt` answers is refused if nothing is sent',
    async (turns) => {
      const { fetch, sent } = stubFetch(deaf)
      const answered = Promise.withResolvers<undefined>()
      const client = resilient(fetch, { vendor, beforeAttempt: () => answered.promise })
      const call = client(room, post).catch((thrown: unknown) => thrown)
      await vi.advanceTimersByTimeAsync(10)
      const closing = client.close({ drain: 1_000 })
      // Not asynchronous: that would let all turns pass at once.
      vi.advanceTimersByTime(1_000)
      for (let turn = 0; turn < turns; turn++) await undefined
      answered.resolve(undefined)
      const error = await call
      await closing
      await vi.advanceTimersByTimeAsync(600_000)
      expect(isRefused(error)).toBe(sent.length === 0)
    },
  )

  it('before its second attempt was sent ends with what the first has met', async () => {
    const beforeAttempt = ({ attempt }: { readonly attempt: number }) => (attempt === 1 ? {} : forever())
    const { error, sent } = await closedAfter(5_000, [says('BELL_BROKEN'), fine], { beforeAttempt, idempotent: true })
    expect(error).toMatchObject({ code: 'BELL_BROKEN', reason: 'closed', mayBeDone: true, mayBeDoneBy: 1 })
    expect(error.attempts).toHaveLength(1)
    expect(sent).toHaveLength(1)
  })

  it.each(['client', 'signal'] as const)('while a failure is read hears no more of it, ended by its %s', async (by) => {
    const onConflict = vi.fn(() => 'fail' as const)
    const stop = new AbortController()
    const words = new Uint8Array(await refusal('ROOM_TAKEN').arrayBuffer())
    const pull = async (source: ReadableStreamDefaultController) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      source.enqueue(words)
      source.close()
    }
    const client = resilient(async () => new Response(new ReadableStream({ pull }), { status: 400 }), {
      vendor,
      onConflict,
      init: { signal: stop.signal },
    })
    const request = new Request(room, post)
    const call = client.fetch(request).catch((thrown: unknown) => thrown)
    await vi.advanceTimersByTimeAsync(10)
    if (by === 'client') await played(client.close({ drain: 0 }))
    else stop.abort(new Error('stopped'))
    await call
    await vi.advanceTimersByTimeAsync(600_000)
    expect(onConflict).not.toHaveBeenCalled()
    expect(failureOf(request)?.attempts.map(({ code }) => code)).toEqual(
      by === 'client' ? ['CLIENT_CLOSED'] : undefined,
    )
  })

  it('while its user is asked, and never answers, leaves nothing behind', async () => {
    const cancel = vi.fn()
    const long = new ReadableStream({ pull: (body) => body.enqueue(new Uint8Array(65_536)), cancel })
    const client = resilient(async () => new Response(long, { status: 409 }), { onConflict: forever })
    const own = new AbortController()
    const call = client(room, { ...post, signal: own.signal }).catch((thrown: unknown) => thrown)
    await vi.advanceTimersByTimeAsync(10)
    await played(client.close({ drain: 0 }))
    expect(await call).toMatchObject({ code: 'HTTP_409', reason: 'closed' })
    await vi.advanceTimersByTimeAsync(0)
    expect([cancel.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0])
    expect(getEventListeners(own.signal, 'abort')).toEqual([])
  })

  it('while a body is read that is deaf to every signal leaves nothing behind', async () => {
    const cancel = vi.fn()
    const body = new ReadableStream({ pull: forever, cancel })
    const client = resilient(async () => new Response(body, { status: 500 }))
    const own = new AbortController()
    const call = client(room, { ...post, signal: own.signal }).catch((thrown: unknown) => thrown)
    await vi.advanceTimersByTimeAsync(10)
    await played(client.close({ drain: 0 }))
    expect(await call).toMatchObject({ code: 'CLIENT_CLOSED', mayBeDone: true })
    await vi.advanceTimersByTimeAsync(0)
    expect([cancel.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0])
    expect(getEventListeners(own.signal, 'abort')).toEqual([])
  })

  it('while the body is looked at that may be sent again may be done', async () => {
    const answered = Promise.withResolvers<void>()
    const part = new ReadableStream({
      type: 'bytes',
      start: (controller) => controller.enqueue(new TextEncoder().encode('half a bed')),
    })
    const client = resilient(
      async () => {
        answered.resolve()
        return refusal('BELL_BROKEN')
      },
      { vendor },
    )
    const init = { method: 'POST', body: part, duplex: 'half' } as RequestInit
    const call = client(new Request(room, init)).catch((thrown: unknown) => thrown)
    await answered.promise
    await played(client.close({ drain: 0 }))
    expect(await call).toMatchObject({ name: 'VendorError', mayBeDone: true })
  })

  it.each([
    ['its first attempt', 1],
    ['a retry', 2],
  ])('by a signal as an observer is told of %s sends nothing any more', async (_, attempt) => {
    const [stop, own] = [new AbortController(), new AbortController()]
    const { fetch, sent } = stubFetch(reply(429), fine)
    const observer: Observer = (event) => {
      if (event.type === 'attempt-started' && event.attempt === attempt) stop.abort('stopped')
    }
    const client = resilient(fetch, { init: { signal: stop.signal }, observers: [observer] })
    const call = client(room, { ...post, signal: own.signal }).catch((thrown: unknown) => thrown)
    expect(await played(call)).toBe('stopped')
    await vi.advanceTimersByTimeAsync(600_000)
    expect(sent).toHaveLength(attempt - 1)
    expect(getEventListeners(own.signal, 'abort')).toEqual([])
  })
})
