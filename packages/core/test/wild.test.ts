import { describe, expect, it } from 'vitest'
import { resilient, type VendorError } from '../src/index.ts'
import { reply, stubFetch, throws } from './helpers/stub-fetch.ts'
import replies from './wild/replies.json' with { type: 'json' }
import thrown from './wild/thrown.json' with { type: 'json' }

interface Case {
  readonly name: string
  readonly source: string
  readonly reply?: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
  readonly thrown?: {
    readonly code?: string
    readonly syscall?: string
    readonly text?: string
    readonly name?: string
    /** True for what `fetch` throws as it is, without an error around it. */
    readonly plain?: boolean
  }
  readonly expected: Pick<VendorError, 'code' | 'kind' | 'outcome' | 'mayBeDone'> & { readonly trips: boolean }
}

function wireOf({ reply: answer, thrown: facts }: Case) {
  if (answer !== undefined) return reply(answer.status, answer.body, answer.headers)
  const { text, plain, ...rest } = facts ?? {}
  const made = rest.name === 'TypeError' ? new TypeError(text) : Object.assign(new Error(text ?? rest.code), rest)
  return throws(plain ? made : new TypeError('fetch failed', { cause: made }))
}

describe('what is met in the wild', () => {
  it.each([...replies, ...thrown] as Case[])('$name', async (wild) => {
    const { trips, ...expected } = wild.expected
    const client = resilient(stubFetch(wireOf(wild)).fetch, { retry: false, patience: 0, limits: false })
    const post = () => client('https://api.example/things', { method: 'POST' }).catch((error: unknown) => error)
    expect(await post()).toMatchObject(expected)
    for (let time = 0; time < 30; time++) await post()
    expect(client.state.snapshot()[0]?.circuit).toBe(trips ? 'open' : 'closed')
  })
})
