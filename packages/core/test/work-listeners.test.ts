import { describe, expect, it, vi } from 'vitest'
import type { VendorWork, WorkReport } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { workshopWork } from './helpers/workshop.ts'

const { shop, events, clientOf, later } = useWorkshop()

/** The server tells of the job itself, and of its note as its step. */
const telling: VendorWork = {
  ...workshopWork,
  read: ({ text }) => {
    const { id, note, ...job } = JSON.parse(text) as { id: string; note: string }
    return new Map([[id, { ...job, message: note } as unknown as WorkReport]])
  },
}

describe('a listener', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('that %s harms nobody else', async (_, listener) => {
    const client = clientOf()
    for (const id of ['a', 'b']) shop.begin({ id })
    const [first, second] = [client.work('a'), client.work('b')]
    first.on(listener)
    const results = Promise.all([first.result, second.result])
    later(3_000, { progress: 0.5 }, 'a')
    for (const id of ['a', 'b']) later(5_000, { status: 'succeeded', result: id }, id)
    expect(await played(results)).toEqual(['a', 'b'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that throws at a report of a long poll harms nobody else', async () => {
    const read = ({ text }: { readonly text: string }) => {
      const { id, ...job } = JSON.parse(text) as { id: string }
      return { token: 't', reports: new Map([[id, job as unknown as WorkReport]]) }
    }
    const polled = { ...workshopWork, longPoll: { ask: () => ({ path: '/jobs/job-1' }), read } }
    const work = await played(clientOf({}, polled).start(walls, post))
    work.on(({ progress }) => {
      if (progress === 0.7) throw new Error('mine')
    })
    later(20_000, { progress: 0.7 })
    later(60_000, { status: 'succeeded', result: 7 })
    expect(await played(work.result)).toBe(7)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is told of each step of the server’s, and observers of what changes', async () => {
    const work = await played(clientOf({}, telling).start(walls, post))
    Object.assign(shop.jobs.get('job-1') ?? {}, { note: 'sanding' })
    const seen: unknown[] = []
    const stop = work.on((state) => void seen.push(state))
    later(3_000, { note: 'painting' })
    await vi.advanceTimersByTimeAsync(10_000)
    stop()
    const steps = ['sanding', 'painting'].map((message) => ({ status: 'running', message }))
    expect(seen).toEqual(steps)
    expect(work.state).toEqual(steps[1])
    expect(events.filter(({ type }) => type === 'work-changed')).toHaveLength(1)
  })
})

describe('a loop over work', () => {
  it('that is left while it waits ends at once, and leaves nothing behind', async () => {
    const work = await played(clientOf().start(walls, post))
    const states = work[Symbol.asyncIterator]()
    await states.next()
    await played(states.next())
    const next = states.next()
    const left = states.return?.(undefined)
    expect(await left).toEqual({ done: true, value: undefined })
    expect(await next).toEqual({ done: true, value: undefined })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends with the waiting, as each one does that begins later', async () => {
    const controller = new AbortController()
    const work = await played(clientOf().start(walls, post, { signal: controller.signal }))
    setTimeout(() => controller.abort(new Error('enough')), 5_000)
    const seen: string[] = []
    const loop = async () => {
      for await (const { status } of work) seen.push(status)
    }
    expect((await failure(loop())).message).toBe('enough')
    expect(seen).toEqual(['pending', 'running'])
    expect((await failure(loop())).message).toBe('enough')
    expect((await failure(work.result)).message).toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that begins late begins with the state of then', async () => {
    const work = await played(clientOf().start(walls, post))
    const states = work[Symbol.asyncIterator]()
    later(100, { status: 'succeeded', result: 7 })
    await played(work.result)
    expect(await states.next()).toMatchObject({ value: { status: 'succeeded', result: 7 } })
    expect(await states.next()).toMatchObject({ done: true })
  })
})
