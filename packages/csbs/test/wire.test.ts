import type { Fault } from '@holdfast/core/plugin'
import { readBack } from '@holdfast/testing'
import { expect, it } from 'vitest'
import { csbs } from '../src/index.ts'
import { wire } from '../src/testing.ts'

const vendor = csbs({ failedBackups: 'throw' })

/** The fault as it is read back in each shape that can carry it. */
const read = (fault: Fault) => readBack(vendor, wire, fault)

const faults: readonly Fault[] = [
  { code: 'CSBS.6004', status: 400, message: 'Taken.', params: ['p-1', 'daily'] },
  { code: 'NOT_PROTECTABLE', status: 200 },
  { code: 'NOT_RESTORABLE', status: 200 },
  { code: 'BACKUP_FAILED', status: 200, message: 'why', inTask: true },
  { code: 'BACKUP_FAILED', status: 200, message: 'why', details: ['5001'], inTask: true },
  { code: 'RESTORE_FAILED', status: 200, message: 'why', inTask: true },
  { code: 'DELETE_FAILED', status: 200, message: 'why', inTask: true },
  { code: 'APIG.0101', status: 404, message: 'No such API.' },
  { code: 'IAM.0002', status: 403, message: 'No.' },
  { code: 'itemNotFound', status: 404, message: 'Gone.' },
  { code: 'unauthorized', status: 401, message: 'Who?' },
  { code: 'BALANCER_502', status: 502 },
  { code: 'multipleChoices', status: 300 },
  { code: 'NOBODY.0001', status: 418, message: 'New.' },
]

it.each(faults.map((fault) => [fault.code, fault] as const))(
  'carries %s in some shape, and it is read back',
  (code, fault) => {
    const found = Object.entries(read(fault))
    expect(found.length).toBeGreaterThan(0)
    for (const [shape, one] of found) {
      expect({ shape, code: one?.code, inTask: one?.inTask }).toEqual({ shape, code, inTask: fault.inTask })
    }
  },
)

it('says in its message which policy is in the way', () => {
  const [fault] = faults as [Fault]
  expect(read(fault).jsonInMessage).toEqual(fault)
})

it('has no shape that carries nothing', () => {
  expect(new Set(faults.flatMap((fault) => Object.keys(read(fault))))).toEqual(new Set(Object.keys(wire)))
})

it('writes nothing that it cannot say', () => {
  expect(read({ code: 'CSBS.2003', status: 400, transient: true })).toEqual({})
  expect(read({ code: 'CSBS.2003', status: 400, inTask: true })).toEqual({})
})
