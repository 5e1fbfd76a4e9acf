import { resilient } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type BearerOptions, bearer } from '../src/index.ts'
import { api, failure, Server } from './server.ts'

let server: Server

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T08:00:00Z') })
  server = new Server()
  server.isAccepted = () => false
})

const clientOf = (token: BearerOptions['token']) =>
  resilient(server.fetch, { vendor: bearer({ url: api, token } as BearerOptions) })

/** The error of a call, after as much time as it takes. */
async function played(call: Promise<Response>) {
  const error = failure(call)
  await vi.advanceTimersByTimeAsync(60_000)
  return error
}

describe('a token that is a text, and is refused,', () => {
  it.each(['GET', 'POST'])('is shown once by a %s', async (method) => {
    const startedAt = performance.now()
    let ms = Number.NaN
    const call = clientOf('token-1')(api, { method }).finally(() => {
      ms = performance.now() - startedAt
    })
    const error = await played(call)
    expect(error).toMatchObject({ code: 'invalid_token', kind: 'auth', reason: 'auth', mayBeDone: false })
    expect(error.attempts).toHaveLength(1)
    expect(server.calls).toHaveLength(1)
    expect(ms).toBe(0)
  })

  it('is shown once by each of many', async () => {
    const client = clientOf('token-1')
    const ended = Promise.all(Array.from({ length: 50 }, () => failure(client(api))))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(new Set((await ended).map(({ reason }) => reason))).toEqual(new Set(['auth']))
    expect(server.calls).toHaveLength(50)
  })

  it.each([
    ['never', false],
    ['before', true],
  ])('is tried again by later calls, and works once the server takes it: it has taken it %s', async (_, isTaken) => {
    const client = clientOf('token-1')
    server.isAccepted = () => isTaken
    const first = client(api)
    await (isTaken ? first : played(first))
    server.isAccepted = () => false
    await played(client(api))
    await played(client(api))
    server.isAccepted = () => true
    const reply = client(api)
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await reply).ok).toBe(true)
    expect(server.calls).toHaveLength(4)
  })

  it('is explained so', async () => {
    const client = clientOf('token-1')
    const { decision } = await client.explain(new Response(null, { status: 401 }), { url: api })
    expect(decision).toEqual({ do: 'fail', reason: 'auth' })
  })
})

it('a token from a function is asked for anew by the call that it was refused to', async () => {
  const token = vi.fn(() => `token-${++server.tokens}`)
  const client = clientOf(token)
  server.isAccepted = (headers) => headers.get('authorization') === 'Bearer token-2'
  expect((await client(api)).ok).toBe(true)
  expect(token).toHaveBeenCalledTimes(2)
})

it.each([
  ['never', false],
  ['before', true],
])('fresh tokens that are all refused are asked for ever more rarely: one was taken %s', async (_, isTaken) => {
  const token = vi.fn(() => `token-${++server.tokens}`)
  const client = clientOf(token)
  server.isAccepted = () => isTaken
  const first = client(api)
  await (isTaken ? first : played(first))
  server.isAccepted = () => false
  for (let second = 0; second < 120; second += 2) {
    // The last ones may still wait when tokens are accepted again.
    void client(api).catch(() => {})
    await vi.advanceTimersByTimeAsync(2_000)
  }
  // After 1, 2, 4, 8, 16 and each 30 s, and a fifth more at most.
  expect(token.mock.calls.length).toBeGreaterThan(4)
  expect(token.mock.calls.length).toBeLessThan(12)
  server.isAccepted = () => true
  await vi.advanceTimersByTimeAsync(60_000)
  expect((await client(api)).ok).toBe(true)
})
