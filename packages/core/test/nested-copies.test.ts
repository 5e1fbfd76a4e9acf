import { inspect } from 'node:util'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { failure } from './helpers/play.ts'
import { reply, stubFetch } from './helpers/stub-fetch.ts'

vi.resetModules()
const other = await import('../src/index.ts')
const { depot: depotOfOther } = await import('./helpers/depot.ts')

const url = 'https://depot.example/belts'

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a client within that is of another installed copy', () => {
  it.each(['throws', 'returns replies'])('may have done a POST before its good answer, where it %s', async (face) => {
    const { fetch, sent } = stubFetch(reply(502), reply(200, 'no'))
    const inner = other.resilient(fetch, { retry: { limit: 2 }, idempotent: true })
    const vendor = depot({ bodyNeed: () => 'whole', parse: () => ({ code: 'LABEL_BAD' }) })
    const outer = resilient(face === 'throws' ? inner : inner.fetch, { vendor })
    const error = await failure(outer(url, { method: 'POST', body: '{}' }))
    expect(error).toMatchObject({ code: 'LABEL_BAD', mayBeDone: true })
    expect(sent).toHaveLength(2)
  })

  it('has secrets of which the one around tells none', async () => {
    const session = 'session-of-the-one-within'
    const vendor = depotOfOther({
      origins: ['https://depot.example'],
      auth: {
        credentials: () => ({ username: 'u', password: 'password-of-the-one-within' }),
        open: async () => ({ secrets: [session] }),
        sign: ({ headers }) => headers.set('x-depot', session),
      },
    })
    const { fetch } = stubFetch(reply(400, `no room for ${session}, password-of-the-one-within`))
    const outer = resilient(other.resilient(fetch, { vendor }).fetch, { vendor: depot() })
    const error = await failure(outer(url))
    const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)
    expect(shown).not.toMatch(/of-the-one-within/)
  })
})
