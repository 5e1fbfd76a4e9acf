import type { ErrorRow, Fault } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/catalogue.ts'
import { parse } from '../src/parse.ts'
import { wire, type XenApiReply } from '../src/testing.ts'
import { requestTo } from './facts.ts'

const rpc = ['xmlRpc', 'jsonRpc1', 'jsonRpc2', 'array'] as const

const read = ({ status, headers, body, request }: XenApiReply): Fault | undefined =>
  parse({
    status,
    headers: new Headers(headers),
    text: body,
    complete: true,
    request: requestTo(request?.url ?? '/', request?.method ?? 'POST'),
  })

/** What parse makes of each shape that can carry the fault. */
function readBack(fault: Fault): Record<string, Fault | undefined> {
  const replies = Object.entries(wire).map(([shape, write]) => [shape, write(fault)] as const)
  return Object.fromEntries(replies.flatMap(([shape, reply]) => (reply ? [[shape, read(reply)]] : [])))
}

/** The fault that a row speaks for, with a text for each of its parameters. */
function faultOf({ code, refines, status, when, params }: ErrorRow): Fault {
  const names = catalogue.rows.find((row) => row.code === refines)
  const given = names && 'params' in names ? names.params : (params ?? [])
  const looked = when && (when.param ?? given[0])
  const texts = given.map((name) => (name === looked ? (when?.includes[0] ?? '') : `a<&"> ${name}`))
  return {
    code: (refines ?? code).replace(/\*$/, 'EXAMPLE'),
    ...(texts.length > 0 && { params: texts }),
    ...(status !== undefined && { status }),
  }
}

describe('rows', () => {
  const rows: readonly ErrorRow[] = catalogue.rows
  it.each(rows.map((row) => [[row.refines, row.code].join(' '), row] as const))('%s', (_, row) => {
    const fault = faultOf(row)
    const found = readBack(fault)
    expect(Object.keys(found)).toEqual(expect.arrayContaining(row.status === undefined ? [...rpc] : ['page']))
    for (const back of Object.values(found)) {
      expect(back).toMatchObject({ ...fault, status: row.status ?? 200 })
      expect(back && catalogue.find(back)).toBe(row)
    }
  })
})

it('reads everything back that a call’s failure may hold', () => {
  const params = ['', ' <a>&"\' ]]> \\ \n é 😀', '10.', 'OpaqueRef:1; ]']
  const fault: Fault = { code: 'SR_BACKEND_FAILURE_46', status: 200, params }
  expect(readBack(fault)).toEqual({ xmlRpc: fault, jsonRpc1: fault, jsonRpc2: fault, array: fault })
})

it('reads everything back that a handler’s failure may hold', () => {
  const fault: Fault = { code: 'SR_BACKEND_FAILURE_46', params: ['', '<a>&"', 'é'], inTask: true }
  expect(readBack(fault)).toEqual({ handlerPage: { ...fault, status: 500 }, replyInBody: { ...fault, status: 200 } })
})

it('writes parameters that are no texts, or not there, as texts', () => {
  const back = { code: 'A', status: 200, params: ['5', '', '{"b":[1]}'] }
  const found = readBack({ code: 'A', params: [5, undefined, { b: [1] }] })
  expect(found).toEqual({ xmlRpc: back, jsonRpc1: back, jsonRpc2: back, array: back })
})

it('leaves out what a shape has no place for, and refuses what none has', () => {
  expect(readBack({ code: 'A', message: 'For people.' })).toMatchObject({ xmlRpc: { code: 'A', status: 200 } })
  expect(wire.xmlRpc({ code: 'A', params: ['a\u0000b'] })?.body).toContain('<value>ab</value>')
  for (const fault of [{ code: '' }, { code: 'A', details: ['b'] }, { code: 'A', transient: true }]) {
    expect(readBack(fault)).toEqual({})
  }
  expect(readBack({ code: 'A', params: ['b; c'], inTask: true })).toEqual({})
})

it('writes as the server writes', () => {
  const fault: Fault = { code: 'HOST_IS_SLAVE', params: ['10.0.0.2'] }
  expect(wire.xmlRpc(fault)).toEqual({
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: '<?xml version="1.0"?><methodResponse><params><param><value><struct><member><name>Status</name><value>Failure</value></member><member><name>ErrorDescription</name><value><array><data><value>HOST_IS_SLAVE</value><value>10.0.0.2</value></data></array></value></member></struct></value></param></params></methodResponse>',
  })
  expect(wire.jsonRpc1(fault)?.body).toBe('{"result":null,"error":["HOST_IS_SLAVE","10.0.0.2"],"id":0}')
  expect(wire.jsonRpc2(fault)?.body).toBe(
    '{"jsonrpc":"2.0","error":{"code":1,"message":"HOST_IS_SLAVE","data":["10.0.0.2"]},"id":0}',
  )
  expect(wire.array(fault)?.body).toBe('{"jsonrpc":"2.0","error":["HOST_IS_SLAVE","10.0.0.2"],"id":0}')
  expect(wire.array(fault)?.headers).toEqual({ 'content-type': 'application/json' })
})
