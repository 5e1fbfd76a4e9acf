import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type CallOptions, type Classify, type Fetch, resilient } from '../src/index.ts'
import { resilientKy } from '../src/ky.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Answers after a time, unless its signal aborts first. */
const after =
  (ms: number): Answer =>
  async (sent) => {
    const { signal } = sent.init ?? {}
    await new Promise((resolve, reject) => {
      setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    return fine(sent)
  }

const hedged = { hedge: true } satisfies CallOptions

/** How often one call is sent whose answers all come late, after 20 that came early. */
async function sendings(nest: (fetch: Fetch) => Fetch): Promise<number> {
  const { fetch, sent } = stubFetch(...(Array(20).fill(after(50)) as [Answer]), after(5_000))
  const client = nest(fetch)
  for (let time = 0; time < 20; time++) await (await played(client(url))).text()
  await played(client(url))
  return sent.length - 20
}

describe('a call through clients that all send late requests twice', () => {
  it.each<[string, (fetch: Fetch) => Fetch]>([
    ['two', (fetch) => resilient(resilient(fetch, hedged), hedged)],
    ['two, of which the inner returns replies', (fetch) => resilient(resilient(fetch, hedged).fetch, hedged)],
    ['two, of which both do', (fetch) => resilient(resilient(fetch, hedged).fetch, hedged).fetch],
    ['three', (fetch) => resilient(resilient(resilient(fetch, hedged), hedged), hedged)],
    ['two, around one that does not', (fetch) => resilient(resilient(resilient(fetch, hedged)), hedged)],
    [
      'one, behind ky',
      (fetch) => resilient((input, init) => resilientKy({ fetch, ...hedged })(input as string, init), hedged),
    ],
    [
      'two, of which the inner is called after a while',
      (fetch) => {
        const inner = resilient(fetch, { ...hedged, nested: 'auto' })
        return resilient(async (input, init) => {
          await null
          return inner(input, init)
        }, hedged)
      },
    ],
    ['two, of which the outer does not', (fetch) => resilient(resilient(fetch, hedged))],
    ['two, of which the inner does not', (fetch) => resilient(resilient(fetch), hedged)],
  ])('is sent twice: %s', async (_, nest) => {
    expect(await sendings(nest)).toBe(2)
  })
})

it('a failure that only the outer client sees may be done by the sending that the inner one has given up', async () => {
  const refusal = reply(200, '{"error":1}', { 'content-type': 'application/json' })
  const script = [...Array<Answer>(20).fill(after(50)), after(5_000), refusal] as unknown as [Answer]
  const inner = resilient(stubFetch(...script).fetch, { ...hedged, idempotent: true })
  const classify: Classify = ({ json }) => (json ? { code: 'NO', kind: 'fatal', outcome: 'rejected' } : undefined)
  const outer = resilient(inner, { classify })
  for (let time = 0; time < 20; time++) await played(outer(url, { method: 'POST' }))
  expect(await failure(outer(url, { method: 'POST' }))).toMatchObject({ code: 'NO', mayBeDone: true })
})
