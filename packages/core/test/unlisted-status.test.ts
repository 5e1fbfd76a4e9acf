import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure } from './helpers/play.ts'
import { stubFetch } from './helpers/stub-fetch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

const ask = (status: number, headers: Record<string, string> = {}) => {
  const { fetch, sent } = stubFetch(says('BELT_OF_TOMORROW', { status, headers }))
  const client = resilient(fetch, { vendor: depot(), retry: false })
  const post = () => failure(client('https://depot.example/belts', { method: 'POST' }))
  return { client, post, sent }
}

describe('a code that no row has', () => {
  it.each([
    [401, 'auth', 'rejected'],
    [429, 'retryable', 'rejected'],
    [502, 'retryable', 'unknown'],
    [503, 'retryable', 'unknown'],
    [504, 'retryable', 'unknown'],
    [409, 'conflict', 'unknown'],
    [400, 'fatal', 'unknown'],
    [500, 'fatal', 'unknown'],
  ])('beside %i is %s, outcome %s', async (status, kind, outcome) => {
    expect(await ask(status).post()).toMatchObject({ code: 'BELT_OF_TOMORROW', vendor: 'depot', kind, outcome, status })
  })

  it.each([502, 503, 504])('beside %i opens the circuit', async (status) => {
    const { client, post } = ask(status)
    for (let time = 0; time < 30; time++) await post()
    expect(client.state.snapshot()[0]?.circuit).toBe('open')
  })

  it.each([429, 503])('beside %i holds back the key for as long as is asked', async (status) => {
    const { client, post } = ask(status, { 'retry-after': '7' })
    expect(await post()).toMatchObject({ retryAfter: 7_000 })
    expect(client.state.snapshot()[0]?.pausedFor).toBe(7_000)
  })
})
