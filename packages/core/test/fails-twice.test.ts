import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, type Fetch, resilient } from '../src/index.ts'

type Fault = 429 | 500 | 502 | 503 | 504 | 'reset'

/** A server that fails some attempts of each call at once, and answers the others in 50 ms. The path names the call. */
function serverThat(fails: (attempt: number, call: number) => boolean, fault: Fault): Fetch {
  const attempts = new Map<string, number>()
  return (input) =>
    new Promise((resolve, reject) => {
      const url = String(input)
      const attempt = (attempts.get(url) ?? 0) + 1
      attempts.set(url, attempt)
      const isFailing = fails(attempt, Number(url.split('/').at(-1)))
      setTimeout(
        () => {
          if (!isFailing) return resolve(new Response(null, { status: 200 }))
          if (fault !== 'reset') return resolve(new Response(null, { status: fault }))
          reject(new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) }))
        },
        isFailing ? 1 : 50,
      )
    })
}

/** Calls of one client, so many at a time: those that are lost, and the mean seconds of all. */
async function callsOf(fetch: Fetch, count: number, atATime: number) {
  const client = resilient(fetch, { timeout: 5_000, totalTimeout: 60_000, state: createState() })
  let [next, lost, ms] = [0, 0, 0]
  const loop = async () => {
    while (next < count) {
      const startedAt = performance.now()
      await client(`http://server.test/${next++}`).catch(() => lost++)
      ms += performance.now() - startedAt
    }
  }
  const done = Promise.all(Array.from({ length: atATime }, loop))
  await vi.advanceTimersByTimeAsync(3_600_000)
  await done
  return { lost, mean: ms / count / 1_000 }
}

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a server that fails the first two attempts of each call', () => {
  for (const fault of [429, 500, 502, 503, 504, 'reset'] as const) {
    it(`gets the calls of one caller in some seconds each: ${fault}`, async () => {
      const { lost, mean } = await callsOf(
        serverThat((attempt) => attempt <= 2, fault),
        30,
        1,
      )
      expect(lost).toBe(0)
      expect(mean).toBeLessThan(7)
    })

    it(`loses none of five at a time, nor of twelve at once: ${fault}`, async () => {
      const fetch = () => serverThat((attempt) => attempt <= 2, fault)
      expect([await callsOf(fetch(), 50, 5), await callsOf(fetch(), 12, 12)]).toMatchObject([{ lost: 0 }, { lost: 0 }])
    })
  }

  it('gets them as fast after it has been well, as far as its callers were fast', async () => {
    for (const atATime of [1, 5]) {
      const fetch = serverThat((attempt, call) => call >= 50 && attempt <= 2, 503)
      const { lost, mean } = await callsOf(fetch, 100, atATime)
      expect(lost).toBe(0)
      expect(mean).toBeLessThan(10)
    }
  })
})
