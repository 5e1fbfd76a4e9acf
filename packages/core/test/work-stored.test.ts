import { describe, expect, it } from 'vitest'
import type { VendorWork } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { workshopOrigin, workshopWork } from './helpers/workshop.ts'

const { shop, clientOf, later } = useWorkshop()

describe('work that was stored', () => {
  it('goes on in another process', async () => {
    const first = await played(clientOf().start(walls, { ...post, resilience: { label: 'kitchen' } }))
    const stored = JSON.stringify(first)
    expect(stored).not.toContain('badge')
    const work = clientOf().work(stored)
    later(2_000, { status: 'failed', error: { code: 'PAINT_DRY', params: ['red'] } })
    const error = await failure(work.result)
    expect(error).toMatchObject({ code: 'PAINT_DRY', operation: 'POST /walls', label: 'kitchen', mayBeDone: true })
  })

  it.each(['job-9', 'job-9\n'])('can be named by its bare identifier, as a file has it: %j', async (id) => {
    shop.begin({ id: 'job-9', status: 'succeeded', result: 9 })
    expect(await played(clientOf().work(id).result)).toBe(9)
  })

  it('that had ended with its start has ended', async () => {
    const stored = JSON.stringify(await played(clientOf().start(`${walls}/7`, post)))
    const work = clientOf().work(stored)
    expect(work.state).toEqual({ status: 'succeeded', progress: 1, result: undefined })
    expect(await work.result).toBeUndefined()
    expect(shop.polls).toHaveLength(0)
  })

  const saved = { vendor: 'workshop', origin: workshopOrigin, method: 'POST', url: walls, operation: 'o', startedAt: 1 }

  it.each([
    { id: 7 },
    { id: '1', group: {} },
    { id: '1', pace: 'x' },
    { id: '1', facts: 7 },
    { id: '1', facts: { path: {} } },
  ])('is refused where its name is none: %j', (work) => {
    expect(() => clientOf().work(JSON.stringify({ ...saved, work }))).toThrow('must be what')
    expect(() => clientOf().work(JSON.stringify({ ...saved, work: { id: '1' }, label: {} }))).toThrow('must be what')
  })

  it.each<[string, (text: string) => string]>([
    ['half of it', (text) => text.slice(0, 40)],
    ['a text of a text', (text) => JSON.stringify(text)],
    ['a list', (text) => `[${text}]`],
    ['nothing', () => ''],
    ['blanks', () => ' \n'],
    ['the text of no value', () => String(null)],
    ['the text of a missing one', () => String(undefined)],
    ['the text of any object', String.bind(undefined, {})],
  ])('is refused, and not asked after by that name, where the store gives %s', (_, spoil) => {
    const text = JSON.stringify({ ...saved, work: { id: '1' } })
    expect(() => clientOf().work(spoil(text))).toThrow('must be what')
  })

  it.each(['@evil.example/', '.evil.example/', ':80@evil.example/', 'x'])(
    'leads to no other host, whatever path it names: %s',
    async (path) => {
      const ask: VendorWork['ask'] = ([work]) => ({ path: work.facts?.path ?? '/', about: [work] })
      const work = clientOf({}, { ...workshopWork, ask }).work({ ...saved, work: { id: '1', facts: { path } } })
      expect((await failure(work.result)).message).toContain('must begin with a slash')
      expect(shop.asked).toEqual([])
    },
  )

  it.each([
    ['{}', 'must be what'],
    [
      '{"vendor":"other","origin":"https://a.example","method":"POST","url":"u","operation":"o","startedAt":1,"work":{"id":"1"}}',
      'is of other',
    ],
    [
      '{"vendor":"workshop","origin":"https://a.example","method":"POST","url":"u","operation":"o","startedAt":1,"work":{"id":"1"}}',
      'no host of this client',
    ],
  ])('is refused where it cannot be meant: %s', (stored, why) => {
    expect(() => clientOf().work(stored)).toThrow(why)
  })
})
