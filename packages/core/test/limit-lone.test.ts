import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Gate } from '../src/admit/gate.ts'
import { createState, type Fetch, resilient } from '../src/index.ts'
import { badSign } from './helpers/bad-answers.ts'

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

describe('a limit for one call after the other', () => {
  const nobody = { size: 0, neededRate: () => 0 }

  /** Two refusals, and a good answer to a request for which the gap has passed. @returns true if a limit remains. */
  function troubleAt(gate: Gate, from: number): boolean {
    for (const now of [from, from + 1]) {
      gate.take(now, () => 0.5)
      gate.learn(badSign, nobody, now)
    }
    gate.take(from + 11_000, () => 0.5)
    gate.learnGood(50, false, nobody, from + 11_050)
    return gate.limit !== undefined
  }
  const gateOf = () => new Gate({ breaker: undefined, pause: undefined, hasLimit: true }, 0)

  it('is removed by the first good answer, once a minute', () => {
    const gate = gateOf()
    expect([troubleAt(gate, 1_000), troubleAt(gate, 20_000)]).toEqual([false, true])
  })

  it('is removed so once more after a reset, which forgets all that was learned', () => {
    const gate = gateOf()
    troubleAt(gate, 1_000)
    gate.reset(15_000)
    expect(troubleAt(gate, 20_000)).toBe(false)
  })

  it('is not removed so if calls come that do not wait in line, until a reset', () => {
    const gate = gateOf()
    gate.noteImpatient()
    expect(troubleAt(gate, 1_000)).toBe(true)
    gate.reset(15_000)
    expect(troubleAt(gate, 20_000)).toBe(false)
  })
})
