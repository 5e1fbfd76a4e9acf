import { getEventListeners } from 'node:events'
import type { Hooks, KyInstance, Options } from 'ky'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { resilientKy } from '../src/ky.ts'
import { depot } from './helpers/depot.ts'
import { type Answer, fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/parcels'
const enough = new Error('enough')

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = () => new Promise<never>(() => {})
/** ky leaves it to its hooks to hear the signal of the request. */
const heard = ({ request: { signal } }: { readonly request: Request }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))

/** A body that begins and never ends, and fails with its signal as that of fetch does. */
const stuck: Answer = ({ init, input }) => {
  const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"a":'))
      signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true })
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
const session = (open: () => Promise<{ secrets: string[] }>) =>
  depot({
    origins: ['https://depot.example'],
    auth: { credentials: () => ({ username: 'u', password: 'p' }), open, sign: () => {} },
  })

/** The places in which a call may be when it is aborted, and how often it has been sent there. */
const stages: Readonly<
  Record<string, { options?: object; hooks?: Hooks; answer?: Answer; sent: number; occupied?: true }>
> = {
  'in the line': { options: { concurrency: 1 }, answer: hangs, occupied: true, sent: 1 },
  'in its login': { options: { vendor: session(never) }, sent: 0 },
  'in its attempt': { answer: hangs, sent: 1 },
  'in a back-off': { answer: reply(429, null, { 'retry-after': '600' }), options: { totalTimeout: false }, sent: 1 },
  'in a hook of ky’s that hears it': { hooks: { beforeRequest: [heard] }, sent: 0 },
  'in the body of a failure': {
    answer: (sent) => new Response((stuck(sent) as Response).body, { status: 400 }),
    sent: 1,
  },
  'in its body': { answer: stuck, sent: 1 },
}

/** Ways to make the instance. */
const ways: readonly (readonly [string, (api: KyInstance, hooks: Hooks) => KyInstance])[] = [
  ['an instance', (api, hooks) => api.extend({ hooks })],
  ['one that is extended twice', (api, hooks) => api.extend({ headers: { 'x-a': '1' } }).extend({ hooks })],
  ['one that is created anew', (api, hooks) => api.extend((parent) => ({ ...parent, hooks }) as Options)],
]

describe.each(ways)('a call of ky by %s', (_, extended) => {
  describe.each(['GET', 'POST'])('%s', (method) => {
    it.each(Object.entries(stages))('that is aborted %s ends with the reason of its caller', async (_stage, stage) => {
      const { options = {}, hooks = {}, answer = fine, sent: times, occupied } = stage
      const { fetch, sent } = stubFetch(answer)
      const api = resilientKy({ fetch, ...options } as object)
      const other = new AbortController()
      if (occupied) void api(url, { signal: other.signal }).catch(() => {})
      const controller = new AbortController()
      const call = extended(api, hooks)(url, { method, signal: controller.signal, timeout: false } as Options)
      const ended = call.json().then(
        () => 'a value',
        (error: unknown) => error,
      )
      await vi.advanceTimersByTimeAsync(1_000)
      controller.abort(enough)
      const end = await Promise.race([ended, vi.advanceTimersByTimeAsync(1_000).then(() => 'nothing for a second')])
      expect(end).toBe(enough)
      expect(sent).toHaveLength(times)
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
      other.abort()
      const closed = api.client.close()
      await vi.advanceTimersByTimeAsync(10_000)
      await closed
      expect(api.client.state.snapshot().every(({ underWay }) => underWay === 0)).toBe(true)
    })
  })
})
