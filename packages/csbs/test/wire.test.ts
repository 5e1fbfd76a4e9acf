import type { Fault } from '@holdfast/core/plugin'
import { expect, it } from 'vitest'
import { csbs } from '../src/index.ts'
import { wire } from '../src/testing.ts'
import { replyOf, requestTo } from './reply.ts'

const { parse } = csbs({ failedBackups: 'throw' })

/** What parse makes of each shape that can carry the fault. */
function readBack(fault: Fault): Record<string, Fault | undefined> {
  const read: Record<string, Fault | undefined> = {}
  for (const [shape, write] of Object.entries(wire)) {
    const reply = write(fault)
    if (reply === undefined) continue
    const { method = 'GET', url = '/elsewhere' } = reply.request ?? {}
    read[shape] = parse(replyOf(reply.status, reply.body, requestTo(url, method)))
  }
  return read
}

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
  { code: 'NOBODY.0001', status: 418, message: 'New.' },
]

it.each(faults.map((fault) => [fault.code, fault] as const))(
  'carries %s in some shape, and it is read back',
  (code, fault) => {
    const read = Object.entries(readBack(fault))
    expect(read.length).toBeGreaterThan(0)
    for (const [shape, found] of read) {
      expect({ shape, code: found?.code, inTask: found?.inTask }).toEqual({ shape, code, inTask: fault.inTask })
    }
  },
)

it('says in its message which policy is in the way', () => {
  const [fault] = faults as [Fault]
  expect(readBack(fault).jsonInMessage).toEqual(fault)
})

it('has no shape that carries nothing', () => {
  expect(new Set(faults.flatMap((fault) => Object.keys(readBack(fault))))).toEqual(new Set(Object.keys(wire)))
})

it('writes nothing that it cannot say', () => {
  expect(readBack({ code: 'CSBS.2003', status: 400, transient: true })).toEqual({})
  expect(readBack({ code: 'CSBS.2003', status: 400, inTask: true })).toEqual({})
})
