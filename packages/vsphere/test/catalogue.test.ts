import { describe, expect, expectTypeOf, it } from 'vitest'
import { catalogue, type VsphereCode, vsphere } from '../src/index.ts'
import documented from './documented.json' with { type: 'json' }
import webServices from './documented-faults.json' with { type: 'json' }

const { rows } = catalogue
const coarse = rows.filter((row) => !('refines' in row) && !/^[A-Z]\w*[a-z]/.test(row.code))
const finer = rows.filter((row) => 'refines' in row)

describe('completeness', () => {
  it('has one row for each documented error, with its status, and no other', () => {
    const listed = coarse.map(({ code, status }) => ({ code, status }))
    expect(documented.errors).toHaveLength(25)
    expect(listed).toEqual(expect.arrayContaining(documented.errors))
    expect(listed).toHaveLength(documented.errors.length)
  })

  it('has a row, or that of a family, for each documented fault of the Web Services API', () => {
    expect(webServices.faults).toHaveLength(697)
    expect(webServices.faults.filter((code) => catalogue.find({ code, status: 500 }) === undefined)).toEqual([])
  })

  it('has no family that no documented fault needs', () => {
    const families = rows.filter(({ code }) => code.endsWith('*'))
    const found = new Set(webServices.faults.map((code) => catalogue.find({ code, status: 500 })?.code))
    expect(families.filter(({ code }) => !found.has(code))).toEqual([])
  })

  it('names the four documented successes', () => {
    expect(vsphere().successes).toEqual(documented.successes)
  })

  it('finds every row by its code, and finer ones by detail', () => {
    for (const row of coarse) expect(catalogue.find({ code: row.code, status: row.status })).toBe(row)
    for (const row of finer) expect(catalogue.find({ code: row.refines, details: ['unknown.id', row.code] })).toBe(row)
  })
})

describe('rows', () => {
  it.each(rows.map((row) => [row.code, row] as const))('%s says what a person can do, on one line', (_, { hint }) => {
    expect(hint.length).toBeGreaterThan(20)
    expect(hint).toMatch(/^(?:[A-Z]|vCenter ).*[.]$/)
    expect(hint).not.toMatch(/\n|Indicates that|An attempt was made/)
  })

  it.each(finer.map((row) => [row.code, row] as const))('%s names its source', (_, row) => {
    expect(row.source).toMatch(/\S/)
  })

  it('trips only where the service itself is unwell', () => {
    const tripping = rows.filter((row) => 'trips' in row && row.trips).map((row) => row.code)
    expect(tripping).toEqual([
      'INTERNAL_SERVER_ERROR',
      'SERVICE_UNAVAILABLE',
      'HTTP_503',
      'HTTP_408',
      'HTTP_504',
      'DatabaseError',
      'EamServiceNotInitialized',
      'NoConnectionToVCenter',
      'ServiceNotInitialized',
    ])
  })

  it('repeats anything only after a plain refusal', () => {
    const rejected = rows.filter((row) => row.kind === 'retryable' && row.outcome === 'rejected').map((row) => row.code)
    expect(rejected).toEqual([
      'RESOURCE_BUSY',
      'SERVICE_UNAVAILABLE',
      'com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached',
      'com.vmware.api.vcenter.vm.guest.tools_not_running',
      'com.vmware.api.vcenter.vm.guest.information_not_available',
      'HTTP_429',
      'TaskInProgress',
      'VAppOperationInProgress',
      'VAppTaskInProgress',
      'FailToLockFaultToleranceVMs',
      'ReplicationVmInProgressFault',
      'StorageDrsHmsMoveInProgress',
      'MksConnectionLimitReached',
      'TooManyGuestLogons',
      'EamServiceNotInitialized',
      'NoConnectionToVCenter',
      'ServiceNotInitialized',
      'SyncInProgress',
      'SyncOngoing',
    ])
  })

  it('logs in again only where a new session can help', () => {
    const renewing = rows.filter((row) => row.kind === 'auth' && row.reauth).map((row) => row.code)
    expect(renewing).toEqual(['UNAUTHENTICATED', 'SESSION_LOGIN_FAILED'])
  })
})

describe('types', () => {
  it('knows the codes by name', () => {
    expectTypeOf<'RESOURCE_BUSY' | 'HTTP_503'>().toExtend<VsphereCode>()
    expectTypeOf<'RESOURCE_BUSYY'>().not.toExtend<VsphereCode>()
  })
})
