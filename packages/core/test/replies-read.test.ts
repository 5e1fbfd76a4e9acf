import { beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf, type ResilientOptions, resilient } from '../src/index.ts'
import type { BodyNeed, Vendor } from '../src/plugin.ts'
import { depot } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, fine, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const needing = (need: BodyNeed) => depot({ bodyNeed: () => need })

beforeEach(() => {
  vi.useFakeTimers()
})

/** A body that gives each of these after so many milliseconds, and then ends as told. */
function timed(parts: readonly string[], every: number, ending: Error | 'end' | 'silence' = 'end') {
  const left = [...parts]
  const state = { cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        new Promise<void>((resolve) => {
          if (left.length === 0 && ending === 'silence') return
          setTimeout(() => {
            const part = left.shift()
            if (part !== undefined) controller.enqueue(new TextEncoder().encode(part))
            else if (ending === 'end') controller.close()
            else controller.error(ending)
            resolve()
          }, every)
        }),
      cancel: () => {
        state.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { body, state }
}
const answering =
  (status: number, ...of: Parameters<typeof timed>): Answer =>
  () =>
    new Response(timed(...of).body, { status })
const lost = new TypeError('terminated', {
  cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
})

describe('the body of a failure that takes long', () => {
  it('is handed out whole by client.fetch, though only its beginning was waited for', async () => {
    const parts = ['not ', 'found, ', 'sorry']
    for (const options of [{ timeout: 5_000 }, {}] as ResilientOptions[]) {
      const { fetch } = stubFetch(answering(404, parts, 4_000))
      const response = await played(resilient(fetch, options).fetch(url))
      expect(response.status).toBe(404)
      expect(await played(response.text())).toBe('not found, sorry')
    }
  })

  it('fails there as it fails by fetch, when it breaks after that', async () => {
    const { fetch } = stubFetch(answering(404, ['not ', 'found'], 4_000, lost))
    const response = await played(resilient(fetch, { timeout: 5_000 }).fetch(url))
    await expect(played(response.text())).rejects.toBe(lost)
  })

  it('is given up where nobody is to read it: the error keeps its beginning', async () => {
    const { body, state } = timed(['not ', 'found'], 4_000, 'silence')
    const { fetch } = stubFetch(() => new Response(body, { status: 404 }))
    const error = await failure(resilient(fetch, { timeout: 5_000 })(url))
    expect(error.code).toBe('HTTP_404')
    expect(await error.response?.text()).toBe('not ')
    expect(state.cancelled).toBe(true)
  })
})

describe('a success whose body has to be looked at', () => {
  it.each([
    ['whole', 'whole'],
    ['beginning', () => 'more'],
  ] satisfies [string, BodyNeed][])('and that breaks is a broken attempt, tried again: %s', async (_, need) => {
    const { fetch, sent } = stubFetch(answering(200, ['half'], 10, lost), fine)
    const client = resilient(fetch, { vendor: needing(need) })
    expect(await (await played(client(url))).text()).toBe('fine')
    expect(sent).toHaveLength(2)
    const [key] = client.state.snapshot()
    expect(key).toMatchObject({ circuit: 'closed' })
  })

  it('and that breaks has been done, for all that can be known', async () => {
    const refused = new TypeError('terminated', {
      cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    })
    const { fetch, sent } = stubFetch(answering(200, ['half'], 10, refused), fine)
    const error = await failure(resilient(fetch, { vendor: needing('whole') })(url, { method: 'POST' }))
    expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true, cause: refused })
    expect(sent).toHaveLength(1)
  })

  it('and that breaks by what is no failure of the network is handed over as it is', async () => {
    const own = new RangeError('own')
    const { fetch } = stubFetch(answering(200, ['half'], 10, own))
    const response = await played(resilient(fetch, { vendor: needing('whole') })(url))
    await expect(played(response.text())).rejects.toBe(own)
  })

  it('may not be silent for longer than the idle limit, without any other limit', async () => {
    const { body, state } = timed(['half ', 'and '], 900, 'silence')
    const { fetch } = stubFetch(() => new Response(body))
    const limits = { timeout: false, totalTimeout: false, bodyTimeout: 1_000, retry: false } as const
    const error = await failure(resilient(fetch, { vendor: needing('whole'), ...limits })(url))
    expect(error.code).toBe('ATTEMPT_TIMEOUT')
    expect(performance.now()).toBe(2_800)
    expect(state.cancelled).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a vendor that throws by mistake gives back the reply it was asked about', () => {
  const mistake = (): never => {
    throw new RangeError('a mistake of the vendor')
  }
  it.each<[string, number, Partial<Vendor>]>([
    ['parse', 409, { parse: mistake }],
    ['bodyNeed', 200, { bodyNeed: mistake }],
    ['isRepeatable', 503, { isRepeatable: mistake }],
  ])('in %s', async (_name, status, members) => {
    const { body, state } = timed(['x'.repeat(70_000)], 0, 'silence')
    const { fetch } = stubFetch(() => new Response(body, { status }))
    const { signal } = new AbortController()
    const left = vi.spyOn(signal, 'removeEventListener')
    const added = vi.spyOn(signal, 'addEventListener')
    const call = resilient(fetch, { vendor: depot(members as Partial<ReturnType<typeof depot>>) })(url, { signal })
    await expect(played(call)).rejects.toThrow('a mistake of the vendor')
    expect(state.cancelled).toBe(true)
    expect(left.mock.calls.length).toBe(added.mock.calls.length)
  })
})

describe('a status line that a Response cannot be made with', () => {
  const received = (status: number, statusText: string) => {
    const response = new Response('hi')
    return Object.defineProperties(response, {
      status: { value: status },
      statusText: { value: statusText },
      ok: { value: status === 200 },
    })
  }
  it.each([
    [999, 'Request denied'],
    [600, 'Odd'],
    [404, 'Не найдено'],
    [200, 'Успех'],
  ])('is told as it was received: %i %s', async (status, statusText) => {
    const { fetch } = stubFetch(() => received(status, statusText))
    const init = { signal: new AbortController().signal }
    const response = await played(resilient(fetch).fetch(url, init))
    for (const one of [response.clone(), response]) {
      expect([one.status, one.statusText, one.ok]).toEqual([status, statusText, status === 200])
      expect(await one.text()).toBe('hi')
    }
  })

  it('goes through though its headers cannot be looked up', async () => {
    const odd = () => {
      const broken = () => {
        throw new Error('No header can be looked up.')
      }
      return Object.defineProperty(new Response('hi'), 'headers', { value: { get: broken, [Symbol.iterator]: broken } })
    }
    expect((await played(resilient(stubFetch(odd).fetch)(url))).status).toBe(200)
  })

  it('goes through without a header that no reply can be made with', async () => {
    const odd = (status: number) => {
      const headers = [['', 'x'] as const, ['content-type', 'text/css'] as const]
      return Object.defineProperty(new Response('hi', { status }), 'headers', {
        value: { get: () => null, [Symbol.iterator]: () => headers[Symbol.iterator]() },
      })
    }
    const of = (status: number) => resilient(stubFetch(() => odd(status)).fetch, { bodyTimeout: 1_000 })
    const reply = await of(200)(url, { method: 'POST' })
    expect([...reply.clone().headers]).toEqual([['content-type', 'text/css']])
    expect((await reply.blob()).type).toBe('text/css')
    const error = await failure(of(404)(url, { method: 'POST' }))
    expect([error.code, error.response?.headers.get('content-type')]).toEqual(['HTTP_404', 'text/css'])
  })

  it('does not stop the error about it', async () => {
    const { fetch } = stubFetch(() => received(999, 'Request denied'))
    expect(await failure(resilient(fetch)(url))).toMatchObject({ code: 'HTTP_999', response: { status: 999 } })
  })
})

describe('the reply of a failure that somebody has read', () => {
  const chunk = (text: string) => new Uint8Array(new TextEncoder().encode(text))
  /** In chunks whose memory is theirs alone, which a byte stream takes away from whoever passes them on. */
  const denied: Answer = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const part of ['not ', 'allowed']) controller.enqueue(chunk(part))
          controller.close()
        },
      }),
      { status: 403 },
    )

  it('is whole for all whose login failed by it', async () => {
    const vault = resilient(stubFetch(denied).fetch)
    const read: string[] = []
    const auth = {
      async credentials(): Promise<never> {
        const response = await vault.fetch('https://vault.example/password')
        read.push(await response.text())
        throw failureOf(response)
      },
      open: () => expect.fail(),
      sign: () => {},
    }
    const vendor = depot({ origins: [new URL(url).origin], auth: auth as never })
    const client = resilient(stubFetch(fine).fetch, { vendor, retry: 0 })
    for (let call = 0; call < 3; call++) {
      const response = await played(client.fetch(url))
      expect([response.status, await response.text()]).toEqual([403, 'not allowed'])
      expect(await (await failure(client(url))).response?.text()).toBe('not allowed')
    }
    expect(read).toEqual(['not allowed'])
  })

  it('is not ended for its reader when somebody else takes it', async () => {
    const { body, state } = timed(['not ', 'found, ', 'sorry'], 4_000)
    const vault = resilient(stubFetch(() => new Response(body, { status: 404 })).fetch, { timeout: 5_000 })
    const found = Promise.withResolvers<Response>()
    const auth = {
      async credentials(): Promise<never> {
        const response = await vault.fetch('https://vault.example/password')
        found.resolve(response)
        throw failureOf(response)
      },
      open: () => expect.fail(),
      sign: () => {},
    }
    const vendor = depot({ origins: [new URL(url).origin], auth: auth as never })
    const response = await played(resilient(stubFetch(fine).fetch, { vendor, retry: 0 }).fetch(url))
    expect(await response.text()).toBe('not ')
    expect(await played((await found.promise).text())).toBe('not found, sorry')
    expect(state.cancelled).toBe(false)
  })
})
