import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type CallOptions, type Fetch, resilient } from '../src/index.ts'
import { resilientKy } from '../src/ky.ts'
import { played } from './helpers/play.ts'
import { type Answer, fine, stubFetch } from './helpers/stub-fetch.ts'

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
