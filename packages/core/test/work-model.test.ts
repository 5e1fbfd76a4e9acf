import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { VendorWork } from '../src/plugin.ts'
import type { Work } from '../src/work/index.ts'
import { played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { type Job, refusal, workshopWork } from './helpers/workshop.ts'

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

/** `never`: the start does not arrive, either. */
const jobs = fc.array(
  fc.record({
    at: fc.nat(120_000),
    end: fc.constantFrom<End>('succeeded', 'failed', 'cancelled', 'lost'),
    answer: fc.constantFrom('comes', 'comes', 'is lost', 'never'),
  }),
  {
    minLength: 1,
    maxLength: 5,
  },
)
/** `killed`: the process ends, and another one goes on with what was stored. `slept`: the computer has, for hours. */
const troubles = fc.array(
  fc.record({
    at: fc.nat(150_000),
    ms: fc.integer({ min: 100, max: 20_000 }),
    what: fc.constantFrom('session', 'outage', 'page', 'reset', 'half', 'killed', 'listener', 'set', 'slept'),
  }),
  { maxLength: 8 },
)

/** The name of a job is in the body of its start, and among all jobs it is found by that. */
const searching: VendorWork = {
  ...workshopWork,
  find: () => ({ path: `/jobs?${[1, 2, 3, 4, 5].map((at) => `id=job-${at}`).join('&')}` }),
  found({ text }, { bodyText }) {
    const [first, ...others] = text.startsWith('[{') && text.endsWith(']') ? (JSON.parse(text) as Job[]) : []
    const [own] = [first, ...others].filter((job) => job?.note === bodyText)
    return own && { id: own.id }
  },
}

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

/** Begins the job that is planned for the request that has come, unless it never does; the names are those of jobs by their place. */
function answerStart(planned: readonly { readonly answer: string }[], names: Map<number, string>) {
  const note = shop.asked.at(-1)?.body ?? ''
  const answer = planned[Number(note)]?.answer
  if (answer === 'never') return answers.reset?.()
  const { id } = shop.begin({ note })
  names.set(Number(note), id)
  return answer === 'comes' ? Response.json({ job: id }, { status: 202 }) : answers.reset?.()
}

it('work comes to the end that it has at its server, whatever happens on the way', async () => {
  await fc.assert(
    fc.asyncProperty(jobs, troubles, async (planned, onTheWay) => {
      shop.reset()
      events.length = 0
      const now = performance.now.bind(performance)
      let slept = 0
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + slept)
      let client = clientOf({}, searching)
      const names = new Map<number, string>()
      let fault: string | undefined
      shop.interrupt = (line) => {
        if (line === 'POST /walls') return answerStart(planned, names)
        return line.includes('/jobs') && fault !== undefined ? answers[fault]?.() : undefined
      }
      const starts = planned.map((_, at) => client.start<number>(walls, { ...post, body: String(at) }))
      const started = await played(Promise.allSettled(starts))
      for (const [at, { status }] of started.entries())
        expect(status).toBe(planned[at]?.answer === 'never' ? 'rejected' : 'fulfilled')
      const begun = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      const ended = planned.filter(({ answer }) => answer !== 'never')
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
      for (const [at, { at: ms, end }] of planned.entries())
        setTimeout(() => {
          const id = names.get(at) ?? ''
          if (ends[end] === undefined) shop.jobs.delete(id)
          else Object.assign(shop.jobs.get(id) ?? {}, ends[end])
        }, ms)
      const deeds: Readonly<Record<string, (ms: number) => void>> = {
        session: () => {
          shop.badge = 'another'
        },
        set: (ms) => void vi.setSystemTime(Date.now() + (ms - 10_000) * 3_600),
        slept: (ms) => {
          slept += 3_600 * ms
        },
        listener(ms) {
          const stop = works[0]?.on(() => {
            throw new Error('mine')
          })
          setTimeout(() => stop?.(), ms)
        },
        killed() {
          void client.close({ drain: 0 })
          client = clientOf({}, searching)
          works = stored.map((text) => client.work<number>(text))
          wait()
        },
      }
      for (const { at, ms, what } of onTheWay)
        setTimeout(() => {
          if (deeds[what] !== undefined) return deeds[what](ms)
          fault = what
          setTimeout(() => {
            fault = undefined
          }, ms)
        }, at)
      await vi.advanceTimersByTimeAsync(END)
      expect([...seen].toSorted(([one], [other]) => one - other).map(([, end]) => end)).toEqual(
        ended.map(({ end }) => end),
      )
      expect(shop.asked.filter(({ line }) => line === 'POST /walls')).toHaveLength(planned.length)
      expect(vi.getTimerCount()).toBe(0)
      await client.close()
      clock.mockRestore()
    }),
    { numRuns: 60 },
  )
})
