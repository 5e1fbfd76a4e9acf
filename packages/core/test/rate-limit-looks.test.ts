import { beforeEach, describe, expect, it, vi } from 'vitest'
import { githubLimits, type ResilientOptions, resilient } from '../src/index.ts'
import { played } from './helpers/play.ts'
import { type Answer, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const usedUp = (status = 200) => reply(status, 'x', { ratelimit: '"a";r=0;t=30' })
const left = reply(200, 'x', { ratelimit: '"a";r=900;t=30' })

beforeEach(() => {
  vi.useFakeTimers()
})

/** A service that has given so many good answers without a word on limits, all of them at this moment. */
async function silent(answers: number, options: ResilientOptions = {}) {
  const now = { answer: fine }
  const { fetch } = stubFetch((one) => now.answer(one))
  const client = resilient(fetch, { retry: false, ...options })
  const hear = async (answer: Answer) => {
    now.answer = answer
    await played(client(url)).catch(() => {})
  }
  for (let at = 0; at < answers; at++) await hear(fine)
  const pausedFor = () => client.state.snapshot()[0]?.pausedFor
  return { hear, pausedFor }
}

describe('a service that has told of no rate limit', () => {
  it('is looked at in each of its first answers', async () => {
    const { hear, pausedFor } = await silent(15)
    await hear(usedUp())
    expect(pausedFor()).toBe(30_000)
  })

  it('is looked at once a millisecond where it gives many answers', async () => {
    const { hear, pausedFor } = await silent(17)
    await hear(usedUp())
    expect(pausedFor()).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    await hear(usedUp())
    expect(pausedFor()).toBe(30_000)
  })

  it('is looked at in each answer that comes by itself, however many there were', async () => {
    const { hear, pausedFor } = await silent(17)
    for (let at = 0; at < 100; at++) {
      await vi.advanceTimersByTimeAsync(1)
      await hear(fine)
    }
    await vi.advanceTimersByTimeAsync(1)
    await hear(usedUp())
    expect(pausedFor()).toBe(30_000)
  })

  it.each([404, 409, 429, 503])('is heard in each failure: %d', async (status) => {
    const { hear, pausedFor } = await silent(17)
    await hear(usedUp(status))
    expect(pausedFor()).toBe(30_000)
  })

  it.each<[string, ResilientOptions]>([
    ['names the rules of its API', { rateLimit: githubLimits }],
    ['bounds its requests', { concurrency: 4 }],
  ])('is looked at in every answer where its user %s', async (_, options) => {
    const { hear, pausedFor } = await silent(17, options)
    await hear(usedUp())
    expect(pausedFor()).toBe(30_000)
  })
})

it('a service that has told of a rate limit is looked at in every answer from then on', async () => {
  const { hear, pausedFor } = await silent(1)
  await hear(left)
  for (let at = 0; at < 20; at++) await hear(fine)
  await hear(usedUp())
  expect(pausedFor()).toBe(30_000)
})
