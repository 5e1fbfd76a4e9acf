import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { depot } from './helpers/depot.ts'
import { failure } from './helpers/play.ts'

const url = 'https://depot.example/parcels'

beforeEach(() => {
  vi.useFakeTimers()
})

/** A reply as React Native makes it: no member `body`, and its text has arrived. */
function streamless(status: number, text: string): Response {
  const headers = { 'content-type': 'application/json' }
  return Object.defineProperty(new Response(text, { status, headers }), 'body', { value: undefined })
}

const clientOf = (status: number, text: string, options = {}) =>
  resilient(async () => streamless(status, text), { retry: 0, ...options })

describe('a reply without a stream', () => {
  it('is read by its vendor, and its reader gets all of it', async () => {
    const text = '{"error":{"code":"LABEL_BAD"}}'
    const error = await failure(clientOf(400, text, { vendor: depot() })(url))
    expect(error).toMatchObject({ vendor: 'depot', code: 'LABEL_BAD', kind: 'fatal' })
    expect(await error.response?.text()).toBe(text)
  })

  it('is read by `classify`, and a success goes on to its reader', async () => {
    const classify = ({ json }: { readonly json: unknown }) =>
      (json as { errors?: unknown }).errors === undefined
        ? undefined
        : { code: 'INSIDE', kind: 'fatal' as const, outcome: 'rejected' as const }
    expect(await failure(clientOf(200, '{"errors":[]}', { classify })(url))).toMatchObject({ code: 'INSIDE' })
    expect(await (await clientOf(200, '{"data":1}', { classify })(url)).json()).toEqual({ data: 1 })
  })

  it('is read within the bounds of any other', async () => {
    const error = await failure(clientOf(500, `"${'x'.repeat(100_000)}"`)(url))
    expect(error.code).toBe('HTTP_500')
    expect(error.message.length).toBeLessThan(1_000)
  })
})
