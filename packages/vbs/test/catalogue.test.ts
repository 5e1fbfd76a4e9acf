import type { Catalogue } from '@holdfast/core/plugin'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { catalogue, type VbsCode } from '../src/index.ts'
import documented from './documented.json' with { type: 'json' }

// As the engine knows them: without the literal types of each row.
const { rows, find }: Catalogue = catalogue
const own = rows.filter(({ code }) => /^(?:VolumeBackup|AutoBackup|common)\./.test(code))
const withAnyStatus = own.filter(({ status }) => status === undefined)

describe('completeness', () => {
  it('has one row for each documented code, with any status, and no other', () => {
    expect(documented.errors).toHaveLength(126)
    expect(withAnyStatus.map(({ code }) => code).toSorted()).toEqual(
      documented.errors.map(({ code }) => code).toSorted(),
    )
  })

  it('knows the modules of the document', () => {
    const modules = Map.groupBy(documented.errors, ({ module }) => module)
    expect([...modules].map(([module, errors]) => [module, errors.length])).toEqual([
      ['Shared', 5],
      ['Creating a Backup', 54],
      ['Deleting a Backup', 12],
      ['Restoring a Disk Using a Backup', 14],
      ['Backup Policy', 41],
    ])
  })

  it.each([200, 400, 401, 403, 404, 409, 500, 503])('finds every code with status %i', (status) => {
    for (const { code } of documented.errors) expect(find({ code, status })?.code).toBe(code)
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
    expect(busy.map(({ code }) => code)).toEqual(['VolumeBackup.0013', 'VolumeBackup.0206', 'AutoBackup.0225'])
    for (const row of busy) expect(row).toMatchObject({ outcome: 'rejected', pace: 'slow', params: ['running'] })
  })

  it('trips only where the service itself is unwell', () => {
    expect(own.filter((row) => 'trips' in row && row.trips).map(({ code }) => code)).toEqual([
      'VolumeBackup.0900',
      'AutoBackup.0009',
      'AutoBackup.9002',
    ])
  })

  it('logs in again only where a new token can help, with whatever status', () => {
    const renewing = withAnyStatus.filter((row) => row.kind === 'auth' && row.reauth).map(({ code }) => code)
    expect(renewing).toEqual(['VolumeBackup.0044', 'AutoBackup.0002', 'AutoBackup.0003', 'AutoBackup.0005'])
  })

  it('tells three codes apart by their status, where another edition of the document gives one', () => {
    const kinds = (code: VbsCode, ...statuses: readonly number[]) =>
      statuses.map((status) => find({ code, status })?.kind)
    expect(kinds('VolumeBackup.0041', 401, 500)).toEqual(['auth', 'retryable'])
    expect(kinds('VolumeBackup.0008', 400, 500)).toEqual(['auth', 'retryable'])
    expect(kinds('common.0011', 404, 500)).toEqual(['fatal', 'retryable'])
  })
})

describe('types', () => {
  it('knows the codes by name', () => {
    expectTypeOf<'AutoBackup.0003' | 'APIG.0308' | 'BALANCER_502' | 'JOB_FAILED'>().toExtend<VbsCode>()
    expectTypeOf<'AutoBackup.3'>().not.toExtend<VbsCode>()
  })
})
