import type { Catalogue } from '@holdfast/core/plugin'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { type CsbsCode, catalogue } from '../src/index.ts'
import documented from './documented.json' with { type: 'json' }

// As the engine knows them: without the literal types of each row.
const { rows, find }: Catalogue = catalogue
const own = rows.filter(({ code, status }) => code.startsWith('CSBS.') && status !== undefined)

describe('completeness', () => {
  it('has one row for each documented error, by code and status, and no other', () => {
    expect(documented.errors).toHaveLength(52)
    expect(new Set(documented.errors.map(({ code }) => code)).size).toBe(51)
    const listed = own.map(({ code, status }) => `${code} ${status}`)
    expect(listed.toSorted()).toEqual(documented.errors.map(({ code, status }) => `${code} ${status}`).toSorted())
  })

  it('finds every row by code and status', () => {
    for (const row of own) expect(find(row)).toBe(row)
  })

  it('knows what answers in front of the service', () => {
    for (const code of ['APIG.0308', 'APIGW.0308', 'IAM.0067', 'unauthorized', 'BALANCER_502']) {
      expect(find({ code })?.source).toMatch(/\S/)
    }
  })
})

describe('rows', () => {
  it('repeats at the slow pace what waits for another task, and names it', () => {
    const busy = own.filter((row) => row.kind === 'retryable' && 'busy' in row)
    expect(busy.map(({ code }) => code).toSorted()).toEqual([
      'CSBS.1001',
      'CSBS.1002',
      'CSBS.2001',
      'CSBS.2003',
      'CSBS.2004',
      'CSBS.4000',
      'CSBS.6015',
      'CSBS.6030',
      'CSBS.6031',
      'CSBS.8001',
    ])
    for (const row of busy) expect(row).toMatchObject({ outcome: 'rejected', pace: 'slow', params: ['running'] })
  })

  it('trips only where the service itself is unwell, whatever its status', () => {
    expect(own.filter((row) => 'trips' in row && row.trips).map(({ code }) => code)).toEqual(['CSBS.9998', 'CSBS.9999'])
  })

  it('never logs in again for a code of the service', () => {
    expect(own.filter((row) => row.kind === 'auth').map(({ code, reauth }) => [code, reauth])).toEqual([
      ['CSBS.9009', false],
    ])
  })
})

describe('the codes of Cloud Backup and Recovery', () => {
  const rowsOf = (test: (row: (typeof rows)[number]) => boolean) =>
    rows.filter((row) => row.code.startsWith('BackupService.') && test(row)).map(({ code }) => code.slice(14))

  it('have a row each, as its page lists them', () => {
    expect(rowsOf(() => true)).toHaveLength(161)
    expect(rowsOf(({ status }) => status === 404)).toHaveLength(15)
    expect(rowsOf(({ status }) => status === 500)).toHaveLength(23)
  })

  it('wait for what is at work on the resource, and never log in again', () => {
    const busy = ['0002', '2002', '2010', '6125', '6130', '6134', '6203', '6216', '7200', '7302']
    expect(rowsOf((row) => row.kind === 'retryable' && row.busy === true).toSorted()).toEqual(busy)
    expect(rowsOf((row) => row.kind === 'auth' && row.reauth)).toEqual([])
  })

  it('count against the service only where its error has no name', () => {
    expect(rowsOf(({ trips }) => trips === true)).toEqual(['9910'])
  })
})

describe('types', () => {
  it('knows the codes by name', () => {
    expectTypeOf<'CSBS.2003' | 'APIG.0308' | 'BALANCER_502' | 'BACKUP_FAILED'>().toExtend<CsbsCode>()
    expectTypeOf<'CSBS.2033'>().not.toExtend<CsbsCode>()
  })
})
