import { describe, expect, it } from 'vitest'
import { balancer, faults, gateway, identity } from '../src/index.ts'
import { catalogue, read } from './tiny.ts'

const rows = [...gateway, ...identity, ...faults, ...balancer]

it('is of one piece', () => {
  expect(catalogue.rows).toHaveLength(rows.length + 1)
  for (const row of rows) {
    if (!('refines' in row)) expect(catalogue.find({ code: row.code, status: row.status })).toBe(row)
  }
})

describe('rows of OpenStack and the balancer', () => {
  it.each([...faults, ...balancer].map((row) => [`${row.code} ${'status' in row ? row.status : ''}`, row] as const))(
    '%s say what to do, and whence they are',
    (_, row) => {
      expect(row.hint).toMatch(/^[A-Z].{20,118}[.]$/)
      expect(row.source).toMatch(/\S/)
    },
  )

  it('have one for each status that is a name', () => {
    const known = [400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 501, 503]
    for (const status of known) {
      const { fault } = read(status, `{"error":{"code":${status},"message":"m"}}`)
      expect(fault && catalogue.find(fault)).toMatchObject({ status })
    }
    for (const status of [402, 408, 418, 422, 502, 504]) {
      expect(read(status, `{"error":{"code":${status},"message":"m"}}`).fault).toBeUndefined()
    }
  })

  it('log in again only where that can help', () => {
    const renewing = faults.filter((row) => row.kind === 'auth' && row.reauth).map(({ code }) => code)
    expect(renewing).toEqual(['unauthorized', 'TOKEN_STALE'])
  })

  it('repeat anything only after a plain refusal', () => {
    const rejected = faults
      .filter((row) => row.kind === 'retryable' && row.outcome === 'rejected')
      .map(({ code }) => code)
    expect(rejected).toEqual([
      'STATE_CHANGING',
      'STATE_CHANGING',
      'overLimit',
      'overLimit',
      'RATE_LIMITED',
      'overLimitFault',
      'IDENTITY_DOWN',
    ])
    expect(balancer.every(({ outcome }) => outcome === 'unknown')).toBe(true)
  })

  it('count against the service only what it is to blame for', () => {
    const tripping = faults.filter((row) => 'trips' in row && row.trips).map(({ code }) => code)
    expect(tripping).toEqual(['computeFault', 'NO_ANSWER_INSIDE', 'serviceUnavailable', 'IDENTITY_DOWN'])
  })
})

it('name no vendor of a service that stands on them', () => {
  expect(rows.filter(({ code }) => /^(?:CSBS|Volume|Auto)/.test(code))).toEqual([])
})
