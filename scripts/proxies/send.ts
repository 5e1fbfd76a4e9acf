import { type CallOptions, type Decision, isVendorError, resilient, type VendorError } from '@holdfast/core'
import { expect } from 'vitest'
import type { Backend, RequestCounts } from './backend.ts'

/** The result of a request: for the caller of a resilient client, and at the server. */
export interface SendResult {
  readonly response: Response | undefined
  readonly error: VendorError | undefined
  /** Number of times that the request went out. */
  readonly attempts: number
  /** Milliseconds from each answer until the request went out again. */
  readonly gaps: readonly number[]
  readonly waits: readonly Extract<Decision, { do: 'wait' }>[]
  readonly counts: Readonly<RequestCounts>
}

/** Quick back-off, so that real waiting is only what a server asks for. */
export const quick = { backoff: { fast: { base: 20, limit: 100 } } } as const

/** Options of `send`. */
export interface SendOptions extends CallOptions {
  readonly body?: string
  /** Lets the connection be used again, by this call and later ones. @default false, so that no test meets a stale one by chance */
  readonly keepAlive?: boolean
  /** Done between the first attempt and the second. */
  readonly meanwhile?: () => Promise<void>
}

let calls = 0

/**
 * Sends `GET /path` or `POST /path` to an origin through a client of its own.
 *
 * Whatever the fault, it compares the answer with the counts of the server: a success was executed just once unless the request
 * is repeatable, and a failure that may have been executed says so.
 */
export async function send(
  origin: string,
  backend: Backend,
  what: string,
  options: SendOptions = {},
): Promise<SendResult> {
  const { body = '{}', keepAlive = false, meanwhile, ...policy } = options
  const [method = '', path = ''] = what.split(' ')
  const id = `call-${++calls}`
  const gaps: number[] = []
  const waits: Extract<Decision, { do: 'wait' }>[] = []
  let attempts = 0
  let answered = 0
  const client = resilient(
    async (...args) => {
      if (attempts++ > 0) gaps.push(performance.now() - answered)
      if (attempts === 2) await meanwhile?.()
      try {
        return await fetch(...args)
      } finally {
        answered = performance.now()
      }
    },
    {
      retry: { limit: 3, ...quick },
      ...policy,
      observers: [
        (event) => event.type === 'decision-made' && event.decision.do === 'wait' && waits.push(event.decision),
      ],
    },
  )
  const init = {
    method,
    headers: { 'x-request-id': id, ...(!keepAlive && { connection: 'close' }) },
    ...(method === 'POST' && { body }),
  }
  let response: Response | undefined
  let error: VendorError | undefined
  try {
    response = await client(origin + path, init)
  } catch (reason) {
    if (!isVendorError(reason)) throw reason
    error = reason
  }
  const result = { response, error, attempts, gaps, waits, counts: backend.counts(id) }
  if (method === 'POST' && policy.idempotent !== true) expectHonest(result)
  return result
}

/** Asserts what must hold for every request that must not be done twice. */
function expectHonest({ response, error, counts }: SendResult) {
  expect(counts.executed, 'executed').toBeLessThanOrEqual(1)
  if (response !== undefined) expect(counts.executed, 'executed, where success was reported').toBe(1)
  if (counts.executed === 1 && error !== undefined) expect(error.mayBeDone, 'mayBeDone, where it was done').toBe(true)
}
