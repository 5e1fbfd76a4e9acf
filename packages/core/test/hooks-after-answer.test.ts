import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import type { Vendor } from '../src/plugin.ts'
import { depot } from './helpers/depot.ts'
import { failure } from './helpers/play.ts'
import { type Answer, breaks, fine, reply, stubFetch } from './helpers/stub-fetch.ts'

// A mistake of a vendor's is met when its service has answered: whoever sent a POST must learn that it may be done.

const url = 'https://depot.example/parcels'
const oddity = new TypeError('a mistake of the hook')

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** The error of a call to a vendor whose hook throws from its n-th question on. */
async function met(name: keyof Vendor, init: RequestInit, ...answers: readonly [Answer, ...Answer[]]) {
  const { fetch, sent } = stubFetch(...answers)
  const usual: Partial<Vendor> = { bodyNeed: () => 'whole', parse: () => undefined, isSafe: () => undefined }
  const vendor = depot({
    ...(usual as object),
    [name]: (...given: never[]) => {
      if (sent.length > 0) throw oddity
      return (usual as Readonly<Record<string, ((...args: never[]) => unknown) | undefined>>)[name]?.(...given)
    },
  })
  const client = resilient(fetch, { vendor, retry: { limit: 2, jitter: 'none' } })
  return { error: await failure(client(url, init)), sent }
}
const post = { method: 'POST', body: '{}' }

const answers: Readonly<Record<string, Answer>> = { 'a success': fine, 'a 404': reply(404, 'no'), 'a 502': reply(502) }

describe.each([
  ['bodyNeed', ['a success']],
  ['parse', Object.keys(answers)],
] as const)('`%s` that throws at the answer', (name, named) => {
  it.each(named)('leaves open whether a POST is done: %s', async (which) => {
    const answer = answers[which] ?? fine
    const { error, sent } = await met(name, post, answer)
    expect(error).toMatchObject({
      name: 'VendorError',
      code: 'HOOK_FAILED',
      kind: 'fatal',
      outcome: 'unknown',
      mayBeDone: true,
      reason: 'fatal',
      cause: { name: 'TypeError', message: oddity.message },
    })
    expect(error.message).toContain(oddity.message)
    expect(error.attempts).toMatchObject([{ attempt: 1, outcome: 'unknown', safe: false }])
    expect(sent).toHaveLength(1)
  })

  it('goes out as it is of a GET, which does nothing', async () => {
    expect((await met(name, {}, fine)).error).toBe(oddity)
  })
})

describe('a hook that throws', () => {
  it.each([
    ['isRepeatable', breaks('UND_ERR_SOCKET')],
    ['isSafe', breaks('UND_ERR_SOCKET')],
    ['isRepeatable', reply(502)],
  ] as const)('while it is asked what to do leaves it open, too: %s', async (name, answer) => {
    const { error, sent } = await met(name, post, answer)
    expect(error).toMatchObject({ code: 'HOOK_FAILED', mayBeDone: true })
    expect(sent).toHaveLength(1)
  })

  it('goes out as it is where the service has refused the POST', async () => {
    expect((await met('isRepeatable', post, reply(429))).error).toBe(oddity)
  })

  it('at a later attempt tells of the earlier one', async () => {
    const { fetch, sent } = stubFetch(reply(502), fine)
    const vendor = depot({
      limits: () => {
        if (sent.length > 0) throw oddity
        return undefined
      },
      bodyNeed: () => {
        if (sent.length > 1) throw oddity
        return 'none'
      },
    })
    const error = await failure(resilient(fetch, { vendor, idempotent: true })(url, post))
    expect(error).toMatchObject({ code: 'HOOK_FAILED', mayBeDone: true })
    expect(error.attempts.map(({ code }) => code)).toContain('HTTP_502')
  })

  it('shows no secret of the call, in its cause either', async () => {
    const { fetch } = stubFetch(fine)
    const parse = ({ request }: { readonly request: { readonly url: string } }) => {
      throw new Error(`cannot read ${request.url}`)
    }
    const vendor = depot({ bodyNeed: () => 'whole', parse })
    const error = await failure(resilient(fetch, { vendor })(`${url}?token=open-sesame`, post))
    expect(error.code).toBe('HOOK_FAILED')
    expect(`${error.stack} ${String(error.cause)} ${JSON.stringify(error)}`).not.toContain('open-sesame')
  })

  it('is told like a body of the given `fetch` that nobody can read', async () => {
    const { fetch, sent } = stubFetch(
      () =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue('no bytes')
              controller.close()
            },
          }),
        ),
    )
    const error = await failure(resilient(fetch, { bodyNeed: 'whole' })(url, post))
    expect(error).toMatchObject({ code: 'HOOK_FAILED', mayBeDone: true })
    expect(error.hint).not.toContain('vendor')
    expect(sent).toHaveLength(1)
  })

  it('that answers with junk is named', async () => {
    const { fetch } = stubFetch(fine)
    const vendor = depot({ bodyNeed: () => 'whole', parse: () => 7 as never })
    const error = await failure(resilient(fetch, { vendor })(url, post))
    expect(error).toMatchObject({ code: 'HOOK_FAILED', mayBeDone: true })
    expect(error.message).toContain('Vendor depot: `parse` must return')
  })
})
