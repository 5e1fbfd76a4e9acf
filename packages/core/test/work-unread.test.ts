import { describe, expect, it, vi } from 'vitest'
import { failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { refusal } from './helpers/workshop.ts'

const { shop, clientOf, later } = useWorkshop()
const page = (status = 200) => new Response('<html>maintenance</html>', { status })

/** Answers polls as a function of the milliseconds since now says. */
function answerPolls(answer: (ms: number) => Response | undefined): void {
  const began = performance.now()
  shop.interrupt = (line) => (line.startsWith('GET /jobs') ? answer(performance.now() - began) : undefined)
}

describe('answers that cannot be read', () => {
  it('end work after ten minutes, and the error says so', async () => {
    const work = await played(clientOf().start(walls, post))
    answerPolls(() => page())
    const error = await failure(work.result)
    expect(error).toMatchObject({ code: 'WORK_LOST', outcome: 'unknown' })
    expect(error.message).toContain('cannot be read')
    expect(error.message).not.toContain('does not know it')
    expect(performance.now()).toBeGreaterThan(600_000)
    expect(performance.now()).toBeLessThan(660_000)
  })

  it('do not end it where an outage lies between two of them', async () => {
    const work = await played(clientOf().start(walls, post))
    answerPolls((ms) => (ms > 710_000 ? undefined : ms < 400 || ms > 660_000 ? page() : refusal(503, 'CLOSED')))
    later(720_000, { status: 'succeeded', result: 7 })
    expect(await played(work.result)).toBe(7)
  })

  it('do not end it where the computer has slept between two of them', async () => {
    const work = await played(clientOf().start(walls, post))
    const now = performance.now.bind(performance)
    let slept = 0
    vi.spyOn(performance, 'now').mockImplementation(() => now() + slept)
    let left = 6
    shop.interrupt = (line) => {
      if (!line.startsWith('GET /jobs') || left-- <= 0) return undefined
      if (left === 2) slept = 3 * 3_600_000
      return page()
    }
    later(120_000, { status: 'succeeded', result: 7 })
    expect(await played(work.result)).toBe(7)
  })
})

describe('refusals that say nothing of the work', () => {
  it('end it no sooner than the service’s own word does: somebody else may answer for seconds', async () => {
    const work = await played(clientOf().start(walls, post))
    answerPolls((ms) => (ms < 7_000 ? page(404) : undefined))
    later(20_000, { status: 'succeeded', result: 7 })
    expect(await played(work.result)).toBe(7)
  })

  it('end a wait for a state no sooner either', async () => {
    shop.begin()
    answerPolls((ms) => (ms < 7_000 ? page(404) : undefined))
    later(20_000, { status: 'painted' })
    const holds = ({ status }: { status: string }) => status === 'painted'
    expect(await played(clientOf().until(`${walls.replace('walls', 'jobs')}/job-1`, holds))).toBeDefined()
  })
})
