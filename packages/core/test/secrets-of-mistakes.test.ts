import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/belts'
const everything = (value: unknown) => inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })

describe('a secret that only a function of the caller’s knows', () => {
  const words = 'GET https://vault.example/v1/kv?token=hunter22-abc failed: {"password":"hunter23-abc"}'
  const mistake = () => new Error('vault', { cause: new TypeError(words, { cause: new Error(`Bearer hunter24-abc`) }) })
  const auth = { credentials: () => Promise.reject(mistake()), open: async () => ({ secrets: [] }), sign: () => {} }

  it.each<[string, ResilientOptions]>([
    ['credentials', { vendor: depot({ auth, origins: ['https://depot.example'] }) }],
    ['beforeAttempt', { beforeAttempt: () => Promise.reject(mistake()) }],
    ['one of several', { beforeAttempt: () => Promise.reject(new AggregateError([mistake()], 'all')) }],
    [
      'classify',
      {
        bodyNeed: 'whole',
        classify: () => {
          throw mistake()
        },
      },
    ],
  ])('is not told by its name or form, and the rest of the message is: %s', async (_, options) => {
    const error = await resilient(stubFetch(reply(400)).fetch, { retry: false, ...options })(url).catch(
      (e: unknown) => e,
    )
    expect(error).toMatchObject({ name: 'VendorError' })
    expect(everything(error)).toContain(
      'GET https://vault.example/v1/kv?token=[redacted] failed: {"password":"[redacted]"}',
    )
    expect(everything([error, JSON.stringify(error)])).not.toContain('hunter2')
  })
})
