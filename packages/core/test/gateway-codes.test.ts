import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { Lodge } from './helpers/lodge-service.ts'
import { failure, played } from './helpers/play.ts'
import { lodge, lodgeOrigin, refusal } from './helpers/session-vendor.ts'
import { stubFetch } from './helpers/stub-fetch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a code that comes with a gateway’s status', () => {
  it.each([502, 504])('and is a plain refusal otherwise has no POST repeated: %i', async (status) => {
    const { fetch, sent } = stubFetch(says('BELT_BUSY', { status }))
    const error = await failure(
      resilient(fetch, { vendor: depot() })('https://depot.example/belts', { method: 'POST' }),
    )
    expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(sent).toHaveLength(1)
  })

  it.each([502, 504])('and refuses the session has no POST repeated, but a GET: %i', async (status) => {
    const house = new Lodge()
    let refused = 0
    house.upstairs = ({ method }) =>
      method === 'POST' || refused++ === 0 ? refusal('KEY_EXPIRED', { status }) : undefined
    const client = resilient(house.fetch, { vendor: lodge() })
    const error = await failure(client(`${lodgeOrigin}/rooms/7`, { method: 'POST' }))
    expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(house.calls).toHaveLength(1)
    expect((await played(client(`${lodgeOrigin}/rooms/7`))).ok).toBe(true)
  })
})
