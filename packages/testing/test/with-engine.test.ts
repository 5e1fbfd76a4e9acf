import { isVendorError, resilient } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { drop, fail, fetchFrom, mockVendor, ok, status } from '../src/index.ts'
import { ferry, wire } from './ferry.ts'

const url = 'https://ferry.example/piers'

beforeEach(() => void vi.useFakeTimers())

/** Sees a call through, in fake time, and hands back what it threw. */
async function thrownBy(call: Promise<Response>): Promise<unknown> {
  const thrown = call.then(
    () => undefined,
    (error: unknown) => error,
  )
  await vi.advanceTimersByTimeAsync(600_000)
  return thrown
}

describe('what the server saw is what the caller is told', () => {
  it('when the call fails for good', async () => {
    const line = mockVendor(ferry(), { wire })
    const handler = line.get('/piers', fail('PIER_BUSY'), drop(), status(502), fail('FOG'), fail('DECK_FULL'))
    const error = await thrownBy(resilient(fetchFrom([handler]), { vendor: ferry() })(url))
    expect(isVendorError(error) && error.attempts.map((attempt) => [attempt.code, attempt.status])).toEqual([
      ['PIER_BUSY', 409],
      ['UND_ERR_SOCKET', undefined],
      ['HTTP_502', 502],
      ['FOG', 500],
      ['DECK_FULL', 409],
    ])
    expect(line.calls.map((call) => [call.code, call.status])).toEqual([
      ['PIER_BUSY', 409],
      [undefined, undefined],
      [undefined, 502],
      ['FOG', 500],
      ['DECK_FULL', 409],
    ])
  })

  it('when it waits as long as the server says', async () => {
    const line = mockVendor(ferry(), { wire })
    const handler = line.post('/piers', fail('HARBOUR_CLOSED', { params: { seconds: 40 } }), ok())
    expect(
      await thrownBy(resilient(fetchFrom([handler]), { vendor: ferry() })(url, { method: 'POST' })),
    ).toBeUndefined()
    const [first, second, ...others] = line.calls
    expect(others).toEqual([])
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(40_000)
  })

  it('when nothing may be done twice', async () => {
    const line = mockVendor(ferry(), { wire })
    const client = resilient(fetchFrom([line.post('/piers', drop(), ok())]), { vendor: ferry() })
    expect(await thrownBy(client(url, { method: 'POST' }))).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(line.calls.map(({ end }) => end)).toEqual(['dropped'])
  })
})
