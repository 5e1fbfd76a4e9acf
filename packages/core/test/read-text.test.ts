import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { elapsed, failure, played } from './helpers/play.ts'
import { type LodgeRow, lodge, lodgeOrigin } from './helpers/session-vendor.ts'

const ledger = { url: `${lodgeOrigin}/ledger` }
const bytes = (text: string) => new TextEncoder().encode(text)

beforeEach(() => {
  vi.useFakeTimers()
})

const { auth: _, ...withoutLogin } = lodge({
  limits: ({ path }) => (path === '/ledger' ? { timeout: 60_000, totalTimeout: 90_000 } : undefined),
})
const clientOf = (options: ResilientOptions<LodgeRow> = {}, body?: BodyInit) =>
  resilient(async () => new Response(body), { vendor: withoutLogin, ...options })

/** A reply that sends these chunks, then does this, and says whether it was given up. */
function begun(chunks: readonly string[], then: (controller: ReadableStreamDefaultController) => void = () => {}) {
  const state = { givenUp: false }
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(bytes(chunk))
      then(controller)
    },
    cancel() {
      state.givenUp = true
    },
  })
  return { reply: new Response(body), state }
}

describe('client.limits tells the milliseconds that a request may take:', () => {
  const other = { url: `${lodgeOrigin}/rooms` }

  it.each<[ResilientOptions<LodgeRow>, number, number]>([
    [{}, 60_000, 90_000],
    [{ timeout: 5_000 }, 5_000, 90_000],
    [{ totalTimeout: 7_000 }, 60_000, 7_000],
    [{ timeout: false, totalTimeout: false }, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('the vendor’s, unless the user says %j', (options, timeout, totalTimeout) => {
    expect(clientOf(options).timeLimits(ledger)).toEqual({ timeout, totalTimeout })
    expect(clientOf().timeLimits({ ...ledger, resilience: options })).toEqual({ timeout, totalTimeout })
    expect(clientOf().extend(options).timeLimits(new Request(ledger.url))).toEqual({ timeout, totalTimeout })
  })

  it('the defaults where nobody says anything, and never less for a call than for one attempt', () => {
    expect(clientOf().timeLimits(other)).toEqual({ timeout: 30_000, totalTimeout: 300_000 })
    expect(clientOf().timeLimits({ url: 'https://elsewhere.example/ledger' }).timeout).toBe(30_000)
    expect(clientOf({ timeout: 400_000 }).timeLimits(other).totalTimeout).toBe(400_000)
  })

  it('or refuses options that cannot be meant', () => {
    expect(() => clientOf().timeLimits({ ...ledger, resilience: { timeout: -1 } })).toThrow('`resilience.timeout`')
  })
})

describe('client.readText', () => {
  it('reads the whole body of a reply', async () => {
    const client = clientOf({}, 'a page of the ledger, ä')
    expect(await client.readText(await client(ledger.url), ledger)).toBe('a page of the ledger, ä')
    expect(await client.readText(new Response(null, { status: 204 }), ledger)).toBe('')
    expect(await client.readText(begun(['a', 'b'], (body) => body.close()).reply, ledger)).toBe('ab')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits for a slow body as long as one attempt may take', async () => {
    const { reply } = begun(['a'], (body) => {
      setTimeout(() => {
        body.enqueue(bytes('b'))
        body.close()
      }, 59_000)
    })
    expect(await played(clientOf().readText(reply, ledger))).toBe('ab')
  })

  it.each<[ResilientOptions<LodgeRow>, { within?: number }, number]>([
    [{}, {}, 60_000],
    [{}, { within: 8_000 }, 8_000],
    [{}, { within: 80_000 }, 60_000],
    [{}, { within: -5 }, 0],
    [{ timeout: 5_000 }, {}, 5_000],
    [{ totalTimeout: 7_000 }, {}, 7_000],
    [{ bodyTimeout: 2_000 }, {}, 2_000],
    [{ timeout: false, totalTimeout: false }, { within: 9_000 }, 9_000],
  ])('gives up a body that stops in its middle: %j, %j', async (options, more, ms) => {
    const { reply, state } = begun(['a'])
    expect(await failure(clientOf(options).readText(reply, ledger, more))).toMatchObject({ name: 'TimeoutError' })
    expect(elapsed()).toBe(ms)
    expect(state.givenUp).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits without end where the user wants no limits', async () => {
    const { reply } = begun(['a'], (body) => {
      setTimeout(() => body.close(), 2 ** 31 - 2)
    })
    expect(await played(clientOf({ timeout: false, totalTimeout: false }).readText(reply, ledger))).toBe('a')
  })

  it('is given up by its caller, with his own reason', async () => {
    const reason = { why: 'enough' }
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 1_000)
    const { reply, state } = begun(['a'])
    const { signal } = controller
    expect(await failure(clientOf().readText(reply, { ...ledger, signal }))).toBe(reason)
    expect([elapsed(), state.givenUp, vi.getTimerCount()]).toEqual([1_000, true, 0])
    const late = begun(['a'], (body) => body.close())
    expect(await failure(clientOf().readText(late.reply, { ...ledger, signal }))).toBe(reason)
    const request = new Request(ledger.url, { signal: AbortSignal.abort(reason) })
    expect(await failure(clientOf().readText(begun([]).reply, request))).toBe(reason)
  })

  it.each([new TypeError('terminated'), undefined])('passes on that a body broke: %s', async (broken) => {
    const { reply } = begun([], (body) => body.error(broken))
    const met: unknown = await failure(clientOf().readText(reply, ledger))
    expect(met).toBe(broken)
  })

  it('reads no more bytes than it may', async () => {
    const read = (maxBytes: number) =>
      clientOf().readText(begun(['ab', 'cd'], (body) => body.close()).reply, ledger, { maxBytes })
    expect(await read(4)).toBe('abcd')
    const error = await failure(read(3))
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toBe('The body is longer than 3 bytes, which is the most that is read.')
  })

  it('reads 256 MiB at most unless told otherwise', async () => {
    const chunk = new Uint8Array(2 ** 24)
    const endless = new Response(new ReadableStream({ pull: (body) => body.enqueue(chunk) }))
    expect((await failure(clientOf().readText(endless, ledger))).message).toContain('longer than 268435456 bytes')
  })
})
