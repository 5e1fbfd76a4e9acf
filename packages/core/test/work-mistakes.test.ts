import { describe, expect, it, vi } from 'vitest'
import type { VendorWork } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { workshopOrigin, workshopWork } from './helpers/workshop.ts'

const { shop, clientOf, later } = useWorkshop()
const mistake = new Error('a mistake of the vendor')
const throws = () => {
  throw mistake
}

describe('a share of work that is none', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5, '0.5'])(
    'is left out, and holds up nobody: %s',
    async (progress) => {
      const read: VendorWork['read'] = (reply, about) => {
        const reports = workshopWork.read(reply, about)
        for (const report of reports?.values() ?? [])
          if (report.status === 'running') Object.assign(report, { progress })
        return reports
      }
      const client = clientOf({}, { ...workshopWork, read })
      const [one, other] = [await played(client.start(walls, post)), await played(client.start(walls, post))]
      const seen: unknown[] = []
      one.on((state) => void seen.push(state))
      later(30_000, { status: 'succeeded', result: 7 })
      later(90_000, { status: 'succeeded', result: 8 }, 'job-2')
      expect(await played(Promise.all([one.result, other.result]))).toEqual([7, 8])
      expect(seen[0]).toEqual({ status: 'running' })
      expect(vi.getTimerCount()).toBe(0)
    },
  )
})

it.each<[string, () => unknown]>([
  ['throws', throws],
  ['returns a number', () => 7],
  ['returns nothing that can be asked after', () => ({})],
  ['returns a promise', async () => ({ id: 'job-1' })],
])('a start that was answered may be done where the vendor’s `begun` %s', async (_, begun) => {
  const client = clientOf({}, { ...workshopWork, begun: begun as VendorWork['begun'] })
  expect(await failure(client.start(walls, post))).toMatchObject({
    name: 'VendorError',
    code: 'WORK_LOST',
    mayBeDone: true,
  })
  expect(shop.asked.filter(({ line }) => line === 'POST /walls')).toHaveLength(1)
})

it('lost work ends with what the vendor threw as it should say how to look for it', async () => {
  const work = await played(clientOf({}, { ...workshopWork, verifyWith: throws }).start(walls, post))
  shop.jobs.clear()
  expect(await failure(work.result)).toBe(mistake)
  expect(vi.getTimerCount()).toBe(0)
})

it('work that has succeeded has done so where the vendor does not know how to clear it away', async () => {
  const work = await played(clientOf({}, { ...workshopWork, clear: throws }).start(walls, post))
  later(1_000, { status: 'succeeded', result: 7 })
  expect(await played(work.result)).toBe(7)
})

describe('a work that cannot be asked after', () => {
  const named = { vendor: 'workshop', origin: workshopOrigin, method: 'POST', url: walls, operation: 'o', startedAt: 1 }
  /** Only the broken one throws, whatever else stands in the question. */
  const at = (id: string, fn: () => void) => {
    if (id === 'broken') fn()
  }
  const cases: readonly [string, Partial<VendorWork>][] = [
    [
      'because its question throws',
      {
        ask([work, ...others]) {
          at(work.id, throws)
          return workshopWork.ask([work, ...others.filter(({ id }) => id !== 'broken')])
        },
      },
    ],
    [
      'because the question of all throws with it',
      {
        ask(works) {
          for (const { id } of works) at(id, throws)
          return workshopWork.ask(works)
        },
      },
    ],
    [
      'because the reader of its answer throws',
      {
        read(reply, about) {
          for (const { id } of about) at(id, throws)
          return workshopWork.read(reply, about)
        },
      },
    ],
    [
      'because it names another host',
      { ask: ([work]) => ({ path: work.id === 'broken' ? '@b' : `/jobs/${work.id}`, about: [work] }) },
    ],
  ]
  it.each(cases)('ends no other: %s', async (_, knowledge) => {
    const client = clientOf({}, { ...workshopWork, ...knowledge })
    for (const id of ['one', 'broken', 'two']) shop.begin({ id })
    const [one, broken, two] = ['one', 'broken', 'two'].map((id) => client.work({ ...named, work: { id } }))
    const results = Promise.allSettled([one?.result, broken?.result, two?.result])
    later(60_000, { status: 'succeeded', result: 1 }, 'one')
    later(61_000, { status: 'succeeded', result: 2 }, 'two')
    expect((await played(results)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})
