import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createState, type Fetch, resilient } from '../src/index.ts'
import type { VendorWork, WorkName } from '../src/plugin.ts'
import { withWork } from '../src/work/index.ts'
import { failure, gaps, played } from './helpers/play.ts'
import { useWorkshop } from './helpers/use-workshop.ts'
import { refusal, workshop, workshopOrigin, workshopWork } from './helpers/workshop.ts'

const { shop, clientOf, later } = useWorkshop()
beforeEach(() => {
  for (const id of ['a', 'b']) shop.begin({ id })
})

/** Logins take so long, and end with their signal. */
const slowly: Fetch = async (input, init) => {
  if (String(input).endsWith('/login')) {
    await new Promise((resolve, reject) => {
      setTimeout(resolve, 20_000)
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  }
  return shop.fetch(input, init)
}

it.each([
  [0, [500, 800, 1_600, 3_200]],
  [0.5, [500, 1_000, 2_000, 4_000]],
  [1, [600, 1_200, 2_400, 4_800]],
])(
  'questions are spread by chance, so that works which began together are not asked after together: %d',
  async (chance, waits) => {
    vi.mocked(Math.random).mockReturnValue(chance)
    const stop = clientOf()
      .work('a')
      .on(() => {})
    await vi.advanceTimersByTimeAsync(15_000)
    stop()
    expect(gaps(shop.polls).slice(0, 4)).toEqual(waits)
  },
)

describe('two clients that share their questions', () => {
  it.each(['its client is closed', 'its client’s signal aborts'])(
    'are none of each other’s business: one goes as %s in the middle of a login',
    async (how) => {
      const shared = { vendor: workshop(), state: createState() }
      const controller = new AbortController()
      const init = { signal: controller.signal }
      const one = withWork(resilient(slowly, { ...shared, init }), workshopWork)
      const other = withWork(resilient(slowly, shared), workshopWork)
      const reason = failure(one.work('a').result)
      const { result } = other.work('b')
      setTimeout(() => {
        if (how.includes('closed')) void one.close({ drain: 0 })
        else controller.abort(new Error('enough'))
      }, 3_000)
      later(30_000, { status: 'succeeded', result: 7 }, 'b')
      expect(await played(result)).toBe(7)
      expect(await reason).toMatchObject(how.includes('closed') ? { reason: 'closed' } : { message: 'enough' })
    },
  )

  it('are none of each other’s business: one is closed while the circuit is open', async () => {
    const breaker = { minimum: 1, openTime: 20_000, maxOpenTime: 30_000, failureRate: 0.1 }
    const shared = { vendor: workshop(), state: createState(), breaker }
    const [one, other] = [clientOf(shared), clientOf(shared)]
    let refusals = 3
    shop.interrupt = () => (refusals-- > 0 ? refusal(503, 'CLOSED') : undefined)
    const reason = failure(one.work('a').result)
    const { result } = other.work('b')
    setTimeout(() => void one.close({ drain: 0 }), 3_000)
    later(10_000, { status: 'succeeded', result: 7 }, 'b')
    expect(await played(result)).toBe(7)
    expect(await reason).toMatchObject({ reason: 'closed' })
  })

  it('wait for the same work, and one of them goes', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 4_000)
    const client = clientOf()
    const reason = failure(client.work('a', { signal: controller.signal }).result)
    const { result } = client.work('a')
    later(9_000, { status: 'succeeded', result: 7 }, 'a')
    expect(await played(result)).toBe(7)
    expect((await reason).message).toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('two works upon one object', () => {
  /** Takes the end that a work is for as its success, and the other one as its failure. */
  const byAim: VendorWork = {
    ...workshopWork,
    read({ text }, about) {
      const { status } = JSON.parse(text) as { status: string }
      const endOf = ({ facts }: WorkName) => (facts?.aim === status ? 'succeeded' : 'failed')
      return new Map(about.map((work) => [work.id, { status: status === 'running' ? status : endOf(work) } as const]))
    },
  }
  const named = (aim: string, id = 'a') => ({
    ...{ vendor: 'workshop', origin: workshopOrigin, method: 'POST', url: '/', operation: 'POST', startedAt: 0 },
    work: { id, facts: { aim } },
  })

  it.each([[['open', 'shut']], [['shut', 'open']]])('have an end each: %j', async (aims) => {
    const client = clientOf({}, byAim)
    const works = aims.map((aim) => client.work(named(aim)))
    later(10_000, { status: 'shut' }, 'a')
    await played(Promise.allSettled(works.map(({ result }) => result)))
    expect(works.map(({ state }) => state.status)).toEqual(aims.map((aim) => (aim === 'shut' ? 'succeeded' : 'failed')))
  })

  it('are one where they are the same', async () => {
    const client = clientOf({}, byAim)
    const works = [1, 2, 3].map(() => client.work(named('shut')))
    later(2_000, { status: 'shut' }, 'a')
    await played(Promise.all(works.map(({ result }) => result)))
    expect(new Set(gaps(shop.polls)).has(0)).toBe(false)
    expect(shop.polls.length).toBeLessThan(6)
  })
})
