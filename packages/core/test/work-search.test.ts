import { describe, expect, it } from 'vitest'
import { failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { workshopWork } from './helpers/workshop.ts'

const { shop, clientOf } = useWorkshop()

describe('a start of unknown outcome', () => {
  const lostReply = () => {
    let left = 1
    shop.interrupt = (line) => {
      if (line !== 'POST /walls' || left-- === 0) return undefined
      shop.begin({ id: 'job-7', note: 'kitchen' })
      return Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
    }
  }
  const searching = {
    ...workshopWork,
    find: () => ({ path: '/jobs/job-7' }),
    found: ({ text }: { text: string }) => ({ id: (JSON.parse(text) as { id: string }).id }),
  }

  it('is looked for, and goes on as if it had been answered', async () => {
    lostReply()
    const client = clientOf({}, searching)
    const work = await played(client.start(walls, post))
    expect(work.id).toBe('job-7')
    Object.assign(shop.jobs.get('job-7') ?? {}, { status: 'succeeded', result: 'white' })
    expect(await played(work.result)).toBe('white')
    expect(shop.asked.filter(({ line }) => line === 'POST /walls')).toHaveLength(1)
  })

  it('that is not found throws the error of its call', async () => {
    lostReply()
    const client = clientOf({}, { ...searching, found: () => undefined })
    expect(await failure(client.start(walls, post))).toMatchObject({ mayBeDone: true })
  })
})
