import { describe, expect, it } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { tellUnsent, type Unsent } from '../src/plugin.ts'

const options = { timeout: 20, retry: false, limits: false, breaker: { minimum: 1 } } satisfies ResilientOptions

/** A `fetch` that sends nothing until it is given up, and tells so. */
function waitsAt(where: Unsent, named?: () => object): typeof fetch {
  const own = (_: unknown, init: RequestInit = {}): Promise<Response> =>
    new Promise((_resolve, reject) => {
      const { signal } = init
      signal?.addEventListener('abort', () => {
        tellUnsent(named?.() ?? own, signal, where)
        reject(signal.reason)
      })
    })
  return own as typeof fetch
}

async function failedBy(fetch: typeof globalThis.fetch, more: ResilientOptions = {}) {
  const client = resilient(fetch, { ...options, ...more })
  const error = await client('https://api.example/things', { method: 'POST' }).catch((thrown: unknown) => thrown)
  return { error, circuit: client.state.snapshot()[0]?.circuit }
}

describe('a `fetch` that tells that nothing was sent before time ran out', () => {
  it.each([
    ['queued', 'closed'],
    ['connecting', 'open'],
  ] as const)('is believed: %s', async (where, circuit) => {
    const met = await failedBy(waitsAt(where))
    expect(met.error).toMatchObject({ code: 'ATTEMPT_TIMEOUT', outcome: 'rejected', mayBeDone: false })
    expect(met.circuit).toBe(circuit)
  })

  it('lets the request be sent again', async () => {
    let sent = 0
    const waits = waitsAt('queued', () => fetch)
    const fetch = (async (input, init) =>
      sent++ === 0 ? waits(input, init) : new Response('done')) as typeof globalThis.fetch
    const client = resilient(fetch, { ...options, retry: { backoff: { fast: { base: 1, limit: 1 } } } })
    await expect(client('https://api.example/things', { method: 'POST', body: 'one' })).resolves.toMatchObject({
      ok: true,
    })
    expect(sent).toBe(2)
  })

  it('is not believed where another function was given to the client', async () => {
    const waits = waitsAt('queued')
    const met = await failedBy((input, init) => waits(input, init))
    expect(met).toMatchObject({ error: { outcome: 'unknown', mayBeDone: true }, circuit: 'open' })
  })

  it('gives way to the user’s own word', async () => {
    const errors = { ATTEMPT_TIMEOUT: { kind: 'retryable', outcome: 'unknown' } } as const
    expect((await failedBy(waitsAt('queued'), { errors })).error).toMatchObject({ outcome: 'unknown', mayBeDone: true })
  })
})
