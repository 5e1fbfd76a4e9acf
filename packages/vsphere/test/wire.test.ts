import type { Fault } from '@holdfast/core/plugin'
import { readBack } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/catalogue.ts'
import { parse } from '../src/parse.ts'
import { wire } from '../src/testing.ts'
import { replyOf } from './reply.ts'

/** The fault as it is read back in each shape that can carry it. */
const read = (fault: Fault) => readBack({ parse }, wire, fault, 'https://vc.example/api/vcenter/vm')

describe.each(catalogue.rows.map((row) => [row.code, row] as const))('%s', (code, row) => {
  const refined = 'refines' in row
  const own = code.replace('*', 'Some')
  const fault: Fault = { code: refined ? row.refines : own, status: row.status, ...(refined && { details: [code] }) }

  it('reads back as the same row from every shape that can carry it', () => {
    const all = Object.values(read(fault))
    expect(all.length).toBeGreaterThan(0)
    for (const found of all) expect(found && catalogue.find(found)).toBe(row)
  })
})

it('reads everything back that a fault may hold', () => {
  const fault: Fault = {
    code: 'INVALID_ARGUMENT',
    status: 400,
    details: ['some.first', 'some.cause'],
    message: 'Wrong size.',
    params: ['size', '4'],
    transient: false,
  }
  expect(read(fault)).toEqual({
    api: fault,
    rest: fault,
    rest6: fault,
    ovf: { ...fault, status: 200, inTask: true },
  })
})

it('writes every shape for some fault', () => {
  const faults: readonly Fault[] = [
    { code: 'NOT_FOUND', status: 404, details: ['com.vmware.vapi.rest.httpNotFound'] },
    { code: 'RESOURCE_BUSY', status: 500 },
    { code: 'TaskInProgress', status: 500, message: 'Busy & <held>.' },
    { code: 'SERVICE_UNAVAILABLE', status: 503, details: ['HTTP_503'] },
    { code: 'ERROR', status: 200, inTask: true, details: ['cis.tagging.objectNotFound.error'] },
  ]
  for (const fault of faults) {
    for (const found of Object.values(read(fault))) {
      expect(found).toEqual(found?.inTask ? { ...fault, status: 200, inTask: true } : fault)
    }
  }
  expect(new Set(faults.flatMap((fault) => Object.keys(read(fault))))).toEqual(new Set(Object.keys(wire)))
})

it('a 404 of the router of 6.x is about the URL, and not about an object', () => {
  const name = 'com.vmware.vapi.rest.httpNotFound'
  expect(parse(replyOf(404, JSON.stringify({ name })))).toEqual({ code: 'NOT_FOUND', status: 404, details: [name] })
})
