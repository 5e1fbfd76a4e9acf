import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, type Fetch, resilient } from '../src/index.ts'

type Fault = 429 | 503 | 'no answer'

/** A server that answers in 50 ms, except for the requests of one stretch. */
function serverWith(faults: readonly Fault[], from: number) {
  const sent: number[] = []
  const fetch: Fetch = (_, init) =>
    new Promise((resolve, reject) => {
      const fault = faults[sent.push(performance.now()) - 1 - from]
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      if (fault === 'no answer') return
      const reply = () => resolve(new Response(null, { status: fault ?? 200 }))
      setTimeout(reply, fault === undefined ? 50 : 2)
    })
  return { fetch, sent }
}

/** One GET after the other, with a pause in between: how long each one took, from the first fault on. */
async function oneAfterTheOther(faults: readonly Fault[], pause: number) {
  const { fetch, sent } = serverWith(faults, 40)
  const client = resilient(fetch, { timeout: 5_000, totalTimeout: 60_000, state: createState() })
  const took: number[] = []
  let lost = 0
  const run = async () => {
    while (sent.length < 60) {
      const startedAt = performance.now()
      await client('http://server.test/').catch(() => lost++)
      if (sent.length > 40 + faults.length) took.push(performance.now() - startedAt)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  const done = run()
  await vi.advanceTimersByTimeAsync(3_600_000)
  await done
  return { took, lost }
}

describe('who makes one call after the other', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const stories: readonly (readonly [string, readonly Fault[]])[] = [
    ['one 429', [429]],
    ['two 429s', [429, 429]],
    ['two 503s', [503, 503]],
    ['a request without an answer', ['no answer']],
    ['two of them', ['no answer', 'no answer']],
    ['several faults of each kind', ['no answer', 'no answer', 'no answer', 503, 503, 429]],
  ]
  for (const [title, faults] of stories)
    for (const pause of [10, 1_000, 5_000])
      it(`stands before a server that is well for two calls at most: ${title}, ${pause} ms in between`, async () => {
        const { took } = await oneAfterTheOther(faults, pause)
        expect(took.length).toBeGreaterThan(10)
        expect(took.filter((ms) => ms > 300).length).toBeLessThanOrEqual(2)
      })

  it('loses no call to three refusals, however seldom it asks', async () => {
    for (const status of [429, 503] as const)
      for (let run = 0; run < 5; run++)
        expect(await oneAfterTheOther([status, status, status], 20_000)).toMatchObject({ lost: 0 })
  })
})
