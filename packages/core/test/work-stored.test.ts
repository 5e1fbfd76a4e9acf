import { describe, expect, it } from 'vitest'
import { failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'

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

  it('can be named by its bare identifier', async () => {
    shop.begin({ id: 'job-9', status: 'succeeded', result: 9 })
    expect(await played(clientOf().work('job-9').result)).toBe(9)
  })

  it.each([
    ['{}', 'must be what'],
    ['', 'must not be empty'],
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
