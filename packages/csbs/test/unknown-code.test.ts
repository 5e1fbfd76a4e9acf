import { describe, expect, it } from 'vitest'
import { catalogue, csbs } from '../src/index.ts'
import { replyOf } from './reply.ts'

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
    [429, 'overLimit', 'rejected'],
    [503, 'serviceUnavailable', 'unknown'],
  ])('that comes with %i is what the status says: %s', (status, code, outcome) => {
    const fault = parse(replyOf(status, text))
    expect(fault).toMatchObject({ code, details: ['111401001'], message: '111401001: Invalid token.' })
    expect(fault && catalogue.find(fault)).toMatchObject({ kind: 'retryable', outcome })
  })

  it.each([502, 504])('that comes with %i is left to the status', (status) => {
    expect(parse(replyOf(status, text))).toBeUndefined()
  })

  it('is itself with any other status', () => {
    expect(parse(replyOf(403, text))?.code).toBe('111401001')
    expect(parse(replyOf(401, '{"error_code":"APIG.0301","error_msg":"m"}'))?.code).toBe('APIG.0301')
  })
})
