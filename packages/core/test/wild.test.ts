import { describe, expect, it } from 'vitest'
import { resilient, type VendorError } from '../src/index.ts'
import { reply, stubFetch, throws } from './helpers/stub-fetch.ts'
import connections from './wild/connections.json' with { type: 'json' }
import gateways from './wild/gateways.json' with { type: 'json' }
import replies from './wild/replies.json' with { type: 'json' }
import thrown from './wild/thrown.json' with { type: 'json' }

/** The members of an error, and of those within it. */
interface Thrown {
  readonly code?: string
  readonly syscall?: string
  readonly statusCode?: number
  readonly text?: string
  readonly name?: string
  /** True for what `fetch` throws as it is, without an error around it. */
  readonly plain?: boolean
  readonly cause?: Thrown
  readonly errors?: readonly Thrown[]
}

interface Case {
  readonly name: string
  readonly source: string
  readonly reply?: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
  readonly thrown?: Thrown
  readonly expected: Pick<VendorError, 'code' | 'kind' | 'outcome' | 'mayBeDone'> & { readonly trips: boolean }
}

function made({ text, plain, cause, errors, ...rest }: Thrown): Error {
  const message = text ?? rest.code
  // WebKit's have no stack, by which its causeless texts are known.
  if (rest.name === 'TypeError') return Object.defineProperty(new TypeError(message), 'stack', { value: undefined })
  const error = errors === undefined ? new Error(message) : new AggregateError(errors.map(made), message)
  return Object.assign(error, rest, cause && { cause: made(cause) })
}

function wireOf({ reply: answer, thrown: facts = {} }: Case) {
  if (answer !== undefined) return reply(answer.status, answer.body, answer.headers)
  return throws(facts.plain ? made(facts) : new TypeError('fetch failed', { cause: made(facts) }))
}

describe('what is met in the wild', () => {
  it.each([...replies, ...gateways, ...thrown, ...connections] as Case[])('$name', async (wild) => {
    const { trips, ...expected } = wild.expected
    const client = resilient(stubFetch(wireOf(wild)).fetch, { retry: false, patience: 0, limits: false })
    const post = () => client('https://api.example/things', { method: 'POST' }).catch((error: unknown) => error)
    expect(await post()).toMatchObject(expected)
    for (let time = 0; time < 30; time++) await post()
    expect(client.state.snapshot()[0]?.circuit).toBe(trips ? 'open' : 'closed')
  })
})
