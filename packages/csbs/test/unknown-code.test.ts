import { resilient } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { catalogue, csbs } from '../src/index.ts'
import { replyOf } from './reply.ts'

const origin = 'https://csbs.example'
const { parse } = csbs()

describe('a code that nobody knows', () => {
  const text = '{"error":{"code":"111401001","message":"Invalid token."}}'

  it('that comes with 401 is a stale token', () => {
    expect(parse(replyOf(401, text))).toEqual({
      code: 'unauthorized',
      status: 401,
      details: ['111401001'],
      message: '111401001: Invalid token.',
    })
    const fault = parse(replyOf(401, text))
    expect(fault && catalogue.find(fault)).toMatchObject({ kind: 'auth', reauth: true })
    expect(parse(replyOf(401, '{"error_code":"CSBS.4711"}'))).toMatchObject({ details: ['CSBS.4711'] })
  })

  it.each([
    [429, 'retryable', 'rejected'],
    [502, 'retryable', 'unknown'],
    [503, 'retryable', 'unknown'],
    [504, 'retryable', 'unknown'],
  ])('that comes with %i keeps its name and is judged by the status', async (status, kind, outcome) => {
    const client = resilient(async () => new Response(text, { status }), { vendor: csbs({ url: origin }), retry: 0 })
    const error = await client(`${origin}/v1/p/policies`).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: '111401001', kind, outcome, status })
    expect((error as Error).message).toContain('Invalid token.')
  })

  it('is itself with any other status', () => {
    expect(parse(replyOf(403, text))?.code).toBe('111401001')
    expect(parse(replyOf(401, '{"error_code":"APIG.0301","error_msg":"m"}'))?.code).toBe('APIG.0301')
  })
})
