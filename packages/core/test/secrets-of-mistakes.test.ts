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
    [
      'credentials, by the first error',
      {
        vendor: depot({
          auth: { ...auth, credentials: () => Promise.reject(new Error(words)) },
          origins: ['https://depot.example'],
        }),
      },
    ],
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

  it('is not told by the client around the one that has met it', async () => {
    const broken = Object.assign(new Error(words), { code: 'ECONNRESET' })
    const met = () => Promise.reject(new TypeError('fetch failed', { cause: broken }))
    let calls = 0
    const inner = resilient(() => (calls++ === 0 ? Promise.resolve(new Response(null, { status: 429 })) : met()))
    const outer = resilient(inner, { retry: { backoff: { fast: { base: 0.1, limit: 0.1 } } } })
    const error = await outer(url, { method: 'POST' }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'ECONNRESET', mayBeDone: true, attempts: [{ code: 'HTTP_429' }, {}] })
    expect(everything([error, JSON.stringify(error), outer.explain(error as Error)])).not.toContain('hunter2')
  })
})

describe('a header that was given as one line, as curl takes it', () => {
  const line = 'authorization: Bearer hunter22-abc'
  const mistakes: Readonly<Record<string, unknown>> = {
    'the text': line,
    'in a list': [line],
    'in a pair of one': [[line]],
    'in a pair': [[line, '']],
    'as a name': { [line]: '' },
  }

  it.each(Object.entries(mistakes))('is shown by no error: %s', async (_, given) => {
    const headers = given as HeadersInit
    const fetch = async (...given: ConstructorParameters<typeof Request>) => new Response(new Request(...given).url)
    const client = resilient(fetch, { retry: false })
    const preparing = resilient(fetch, { retry: false, beforeAttempt: () => headers as never })
    for (const call of [() => client(url, { headers }), () => client.fetch(url, { headers }), () => preparing(url)]) {
      const error = await call().catch((e: unknown) => e)
      expect(error).toBeInstanceOf(Error)
      expect(everything([error, JSON.stringify(error)])).not.toContain('hunter2')
    }
  })
})
