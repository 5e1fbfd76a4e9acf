import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isRetryable, resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { failure } from './helpers/play.ts'
import { stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/jobs/7'

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a record of work that has ended', () => {
  it('is not asked for again, though the work itself may be tried again', async () => {
    const { fetch, sent } = stubFetch(says('BELT_JAMMED', { inTask: true, settled: true }))
    const error = await failure(resilient(fetch, { vendor: depot() })(url))
    expect(isRetryable(error)).toBe(true)
    expect(error).toMatchObject({ reason: 'settled', message: expect.stringContaining('the work has ended so') })
    expect(sent).toHaveLength(1)
  })

  it('names another host in vain', async () => {
    const { fetch, sent } = stubFetch(says('DOOR_MOVED', { settled: true, params: ['two.example'] }))
    const error = await failure(resilient(fetch, { vendor: depot(), trustedHosts: ['two.example'] })(url))
    expect(error.reason).toBe('settled')
    expect(sent).toHaveLength(1)
  })

  it('says nothing against the service that keeps it', async () => {
    const { fetch } = stubFetch(says('DEPOT_DOWN', { settled: true, status: 503 }))
    const client = resilient(fetch, { vendor: depot(), breaker: { minimum: 3 } })
    for (let call = 0; call < 5; call++) await failure(client(url))
    expect(client.state.snapshot()).toMatchObject([{ circuit: 'closed', pausedFor: 0 }])
  })
})
