import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { Work } from '../src/work/index.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { refusal } from './helpers/workshop.ts'

const { shop, events, clientOf } = useWorkshop()

/** Milliseconds after which everything has come to its end. */
const END = 1_200_000

const ends = {
  succeeded: { status: 'succeeded', result: 7 },
  failed: { status: 'failed', error: { code: 'PAINT_DRY' } },
  cancelled: { status: 'cancelled', error: { code: 'JOB_CANCELLED' } },
  lost: undefined,
} as const
type End = keyof typeof ends

const jobs = fc.array(
  fc.record({ at: fc.nat(120_000), end: fc.constantFrom<End>('succeeded', 'failed', 'cancelled', 'lost') }),
  {
    minLength: 1,
    maxLength: 5,
  },
)
/** `killed`: the process ends, and another one goes on with what was stored. */
const troubles = fc.array(
  fc.record({
    at: fc.nat(150_000),
    ms: fc.integer({ min: 100, max: 20_000 }),
    what: fc.constantFrom('session', 'outage', 'page', 'reset', 'half', 'killed', 'listener'),
  }),
  { maxLength: 8 },
)

/** An answer that breaks off. */
const half = () =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('[{"id":'))
        controller.error(new TypeError('terminated'))
      },
    }),
  )

/** Answers to questions about jobs while a trouble lasts. */
const answers: Readonly<Record<string, () => Response | Error>> = {
  outage: () => refusal(503, 'CLOSED'),
  page: () => new Response('<html>maintenance</html>'),
  reset: () => Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }),
  half,
}

it('work comes to the end that it has at its server, whatever happens on the way', async () => {
  await fc.assert(
    fc.asyncProperty(jobs, troubles, async (planned, onTheWay) => {
      shop.reset()
      events.length = 0
      let client = clientOf()
      const begun = await Promise.all(planned.map(() => client.start<number>(walls, post)))
      const stored = begun.map((work) => JSON.stringify(work))
      let works: Work<number>[] = begun
      const seen = new Map<number, string>()
      const wait = () => {
        for (const [at, work] of works.entries()) {
          if (seen.has(at)) continue
          void work.result.then(
            () => void seen.set(at, work.state.status),
            () => work.state.status !== 'pending' && work.state.status !== 'running' && seen.set(at, work.state.status),
          )
        }
      }
      wait()
      let fault: string | undefined
      shop.interrupt = (line) => (fault === undefined || !line.includes('/jobs') ? undefined : answers[fault]?.())
      for (const [at, { at: ms, end }] of planned.entries())
        setTimeout(() => {
          const job = shop.jobs.get(`job-${at + 1}`)
          if (ends[end] === undefined) shop.jobs.delete(`job-${at + 1}`)
          else Object.assign(job ?? {}, ends[end])
        }, ms)
      for (const { at, ms, what } of onTheWay)
        setTimeout(() => {
          if (what === 'session') shop.badge = 'another'
          else if (what === 'listener') {
            const stop = works[0]?.on(() => {
              throw new Error('mine')
            })
            setTimeout(() => stop?.(), ms)
          } else if (what === 'killed') {
            void client.close({ drain: 0 })
            client = clientOf()
            works = stored.map((text) => client.work<number>(text))
            wait()
          } else {
            fault = what
            setTimeout(() => {
              fault = undefined
            }, ms)
          }
        }, at)
      await vi.advanceTimersByTimeAsync(END)
      expect([...seen].toSorted(([one], [other]) => one - other).map(([, end]) => end)).toEqual(
        planned.map(({ end }) => end),
      )
      expect(shop.asked.filter(({ line }) => line === 'POST /walls')).toHaveLength(planned.length)
      expect(vi.getTimerCount()).toBe(0)
      await client.close()
    }),
    { numRuns: 60 },
  )
})
