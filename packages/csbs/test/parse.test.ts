import type { Vendor } from '@holdfast/core/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csbs } from '../src/index.ts'
import { project, provider, replyOf, requestTo } from './reply.ts'

const { parse, catalogue }: Vendor = csbs()
const server = '9506416d-db6c-406e-8bca-c0f43793d914'
const check = requestTo(`${provider}/resources/action`, 'POST')
const rowOf = (status: number, text: string) => {
  const fault = parse(replyOf(status, text))
  return fault && catalogue.find(fault)
}

describe('failures', () => {
  it('are read as documented', () => {
    const text = '{"error_code":"CSBS.2003","error_msg":"item in executing"}'
    expect(parse(replyOf(400, text, requestTo('/elsewhere')))).toEqual({
      code: 'CSBS.2003',
      status: 400,
      message: 'item in executing',
    })
  })

  it('may have a JSON document inside the string that is their message', () => {
    // opentelekomcloud/terraform-provider-opentelekomcloud#298
    const text =
      '{"error_code": "CSBS.6004", "error_msg": "{\\"msg\\": \\"The resource xxx is already in service.\\", \\"plan_id\\": \\"xxx\\", \\"plan_name\\": \\"backup-daily\\"}"}'
    expect(parse(replyOf(400, text))).toEqual({
      code: 'CSBS.6004',
      status: 400,
      message: 'The resource xxx is already in service.',
      params: ['xxx', 'backup-daily'],
    })
    expect(rowOf(400, text)?.params).toEqual(['plan_id', 'plan_name'])
  })

  it.each(['{"msg": broken', '{"plan":"other"}', '["list"]', '"{}"'])(
    'keep a message that only looks like one: %s',
    (text) => {
      const body = JSON.stringify({ error_code: 'CSBS.6004', error_msg: text })
      expect(parse(replyOf(400, body))).toEqual({ code: 'CSBS.6004', status: 400, message: text })
    },
  )

  it.each([
    [403, 'User is unverified.', 'auth'],
    [400, 'The backup or replication space after reduction cannot be less than the used space.', 'fatal'],
    [500, 'User is unverified.', 'fatal'],
  ])('CSBS.9009 with %i is one of two things: %s', (status, error_msg, kind) => {
    const row = rowOf(status, JSON.stringify({ error_code: 'CSBS.9009', error_msg }))
    expect(row).toMatchObject({ code: 'CSBS.9009', kind })
    expect(row?.status).toBe(status === 500 ? undefined : status)
    expect(row?.kind === 'auth' && row.reauth).toBe(false)
  })

  it.each([
    [
      404,
      '{"error_code":"APIG.0101","error_msg":"API does not exist or is not published in the environment.","request_id":"acbc548ac6f2a0dbdb9e3518a7c0ff84"}',
      'APIG.0101',
    ],
    [
      401,
      '{"error_msg":"Incorrect IAM authentication information: ak ... not exist","error_code":"APIGW.0301","request_id":"8080d3.."}',
      'APIGW.0301',
    ],
    [400, '{"badRequest":{"code":400,"message":"No."}}', 'badRequest'],
    [404, '{"itemNotFound":{"message":"Backup 592a0c4d could not be found.","code":404 }}', 'itemNotFound'],
    [
      401,
      '{"error":{"code":401,"title":"Unauthorized","message":"The request you have made requires authentication."}}',
      'unauthorized',
    ],
    [403, '{"error":{"code":403,"message":"X-Auth-Token is invalid in the request","title":"Forbidden"}}', 'forbidden'],
    [
      502,
      '<!DOCTYPE html PUBLIC ...><title>Error</title>...<td>The backend server is unreachable.<br/></td>',
      'BALANCER_502',
    ],
  ])('of what is in front of the service, with %i: %s', (status, text, code) => {
    expect(parse(replyOf(status, text))?.code).toBe(code)
    expect(rowOf(status, text)).toBeDefined()
  })

  it('of nobody known keep their code', () => {
    expect(
      parse(replyOf(409, '{"code":"VPC.0209","message":"subnet is still used ,such as computer,LB."}'))?.code,
    ).toBe('VPC.0209')
  })
})

describe('what is at work', () => {
  const busy = (code: string, target: string, method: string, body?: unknown, error_msg: string = 'busy') =>
    parse(replyOf(400, JSON.stringify({ error_code: code, error_msg }), requestTo(target, method, body)))?.params
  const restore = {
    restore: { checkpoint_id: 'r-1', parameters: { checkpoint_item_id: 'b-1', targets: { server_id: 's-1' } } },
  }

  it.each<[string, string, string, unknown, string]>([
    ['CSBS.2003', 'DELETE', `${provider}/checkpoints/r-1?checkpoint_items=b-1`, undefined, 'backup b-1'],
    ['CSBS.2003', 'DELETE', `${provider}/checkpoints/r-1`, undefined, 'backup r-1'],
    ['CSBS.2004', 'PUT', `${project}/policies/p-1`, {}, 'policy p-1'],
    ['CSBS.1001', 'POST', `${provider}/checkpoints`, { checkpoint: { plan_id: 'p-1' } }, 'policy p-1'],
    ['CSBS.1001', 'POST', `${provider}/resources/s-1/action`, { protect: {} }, 'server s-1'],
    ['CSBS.6015', 'POST', `${project}/restores`, restore, 'server s-1'],
    ['CSBS.4000', 'POST', `${project}/restores`, restore, 'backup b-1'],
    ['CSBS.8001', 'GET', `${project}/checkpoint_items/b-1`, undefined, 'backup b-1'],
  ])('is named by the request: %s upon %s %s', (code, method, target, body, running) => {
    expect(busy(code, target, method, body)).toEqual([running])
  })

  it('is named by a message that is JSON', () => {
    const text = '{"msg":"item in plan executing","plan_id":"p-7","plan_name":"backup-daily"}'
    expect(busy('CSBS.2004', `${provider}/checkpoints/r-1`, 'DELETE', undefined, text)).toEqual([
      'policy backup-daily (p-7)',
    ])
  })

  it('stays unnamed where nobody says it', () => {
    expect(busy('CSBS.2003', '/elsewhere', 'POST')).toBeUndefined()
    expect(busy('CSBS.2003', `${project}/restores`, 'POST')).toBeUndefined()
  })

  it.each(
    catalogue.rows
      .filter((row) => row.kind === 'retryable' && 'busy' in row && row.code.startsWith('CSBS.'))
      .map(({ code }) => code),
  )('has a name for %s', (code) => {
    const target = `${provider}/resources/${server}/action`
    expect(busy(code, target, 'POST', { protect: {} })).toEqual([`server ${server}`])
    expect(catalogue.find({ code })?.params).toEqual(['running'])
  })
})

describe('a check', () => {
  const refusal = (...items: unknown[]) => JSON.stringify({ protectable: items })
  const no = { resource_id: server, resource_type: 'OS::Nova::Server', result: false }

  it('that says no is a failure, and has begun nothing', () => {
    const text = refusal({ ...no, error_code: 'CSBS.6001', error_msg: 'The server has stopped.' })
    expect(parse(replyOf(200, text, check))).toEqual({
      code: 'CSBS.6001',
      status: 200,
      message: `server ${server}: CSBS.6001 The server has stopped.`,
      params: [server],
    })
  })

  it('of several servers has the code of the first that is refused, and names them all', () => {
    const text = refusal(
      { ...no, resource_id: 's-1', result: true, error_code: '', error_msg: '' },
      { ...no, resource_id: 's-2', error_code: 'CSBS.1002', error_msg: 'resource_in_protecting' },
      { ...no, resource_id: 's-3', error_code: 'CSBS.6007', error_msg: 'No volume.' },
      { ...no, resource_id: 's-4', error_code: 'CSBS.1002', error_msg: '' },
    )
    expect(parse(replyOf(200, text, check))).toEqual({
      code: 'CSBS.1002',
      status: 200,
      message: 'server s-2: CSBS.1002 resource_in_protecting; server s-3: CSBS.6007 No volume.; server s-4: CSBS.1002',
      params: ['server s-2, server s-4'],
    })
  })

  it('of a thousand servers names ten and says how many more', () => {
    const items = Array.from({ length: 1_000 }, (_, at) => ({ ...no, resource_id: `s-${at}`, error_code: 'CSBS.6000' }))
    const fault = parse(replyOf(200, refusal(...items), check))
    expect(fault?.message).toMatch(/^server s-0: CSBS\.6000; .*server s-9: CSBS\.6000; and 990 more$/)
    expect(fault?.params).toHaveLength(1_000)
  })

  it('names the policy that holds a server', () => {
    const error_msg = '{"msg": "The resource xxx is already in service.", "plan_id": "p-1", "plan_name": "daily"}'
    expect(parse(replyOf(200, refusal({ ...no, error_code: 'CSBS.6004', error_msg }), check))).toMatchObject({
      code: 'CSBS.6004',
      message: `server ${server}: CSBS.6004 The resource xxx is already in service.`,
      params: ['p-1', 'daily'],
    })
    expect(parse(replyOf(200, refusal({ ...no, error_code: 'CSBS.6004' }), check))).not.toHaveProperty('params')
  })

  it.each([
    ['protectable', 'NOT_PROTECTABLE'],
    ['restorable', 'NOT_RESTORABLE'],
  ])('that gives no code is a failure too: %s', (key, code) => {
    const text = JSON.stringify({ [key]: [{ resource_id: 's-1', result: false, error_code: '', error_msg: '' }] })
    expect(parse(replyOf(200, text, check))).toEqual({ code, status: 200, message: 'server s-1: no', params: ['s-1'] })
    expect(catalogue.find({ code, status: 200 })?.kind).toBe('fatal')
  })

  it.each([
    '{"restorable":[{"resource_id":"..","resource_type":"OS::Nova::Server","result":true,"error_msg":"","error_code":""}]}',
    '{"protectable":[{"resource_id":"..","resource_type":"OS::Nova::Server","result":true}]}',
    '{"protectable":[{"resource_id":".."}]}',
    '{"protectable":[]}',
    '{"protectable":null}',
    '[]',
    '',
    '<html>',
  ])('that says yes, or nothing, is fine: %s', (text) => {
    expect(parse(replyOf(200, text, check))).toBeUndefined()
  })

  it('has its refusals in whichever list has any', () => {
    const item = { resource_id: 's-1', result: false }
    const read = (body: unknown) => parse(replyOf(200, JSON.stringify(body), check))?.code
    expect(read({ protectable: [], restorable: [item] })).toBe('NOT_RESTORABLE')
    expect(read({ protectable: null, restorable: [item] })).toBe('NOT_RESTORABLE')
    expect(read({ protectable: [item], restorable: [] })).toBe('NOT_PROTECTABLE')
  })

  it.each([0, '0'])('has no code where it is %j', (error_code) => {
    expect(parse(replyOf(200, refusal({ ...no, error_code }), check))).toMatchObject({
      code: 'NOT_PROTECTABLE',
      message: `server ${server}: no`,
    })
  })

  it('was refused, perhaps, but not who asks for it', () => {
    const fault = parse(replyOf(200, refusal({ ...no, error_code: 'IAM.0066', error_msg: 'expired' }), check))
    expect(fault).toEqual({
      code: 'NOT_PROTECTABLE',
      status: 200,
      details: ['IAM.0066'],
      message: `server ${server}: IAM.0066 expired`,
      params: [server],
    })
    expect(fault && catalogue.find(fault)?.kind).toBe('fatal')
  })

  it('is one with a slash at the end of its path, too', () => {
    const asked = requestTo(`${provider}/resources/action/`, 'POST')
    expect(parse(replyOf(200, refusal({ ...no, error_code: 'CSBS.6001' }), asked))?.code).toBe('CSBS.6001')
  })

  it('is one only where it is asked for', () => {
    const text = refusal({ ...no, error_code: 'CSBS.6001' })
    expect(parse(replyOf(200, text, requestTo(`${project}/policies`)))).toBeUndefined()
  })
})

describe('a code like no other', () => {
  it.each(['constructor', 'toString', '__proto__'])('%s is one nobody knows', (code) => {
    const text = JSON.stringify({ protectable: [{ resource_id: 's-1', result: false, error_code: code }] })
    expect(parse(replyOf(200, text, check))).toMatchObject({ code, params: ['s-1'] })
  })
})

describe('what was begun', () => {
  it.each([
    [`${provider}/checkpoints`, '{"checkpoint":{"status":"error","id":"r-1"}}', 'BACKUP_FAILED', 'record r-1'],
    [
      `${provider}/resources/${server}/action`,
      '{"checkpoint":{"status":"error"}}',
      'BACKUP_FAILED',
      'record without identifier',
    ],
    [
      `${project}/restores`,
      '{"restore":{"status":"fail","id":"d-1","resources_reason":{"s-1":"no disk"}}}',
      'RESTORE_FAILED',
      'record d-1: no disk',
    ],
  ])('may have failed at once: POST %s %s', (target, text, code, message) => {
    expect(parse(replyOf(200, text, requestTo(target, 'POST')))).toEqual({ code, status: 200, message, inTask: true })
  })

  it.each([
    [`${provider}/checkpoints`, '{"checkpoint":{"status":"protecting","id":"14626f11-b54a-44ea-8e69-7463e527506a"}}'],
    [`${project}/restores`, '{"restore":{"status":"in_progress","resources_reason":{}}}'],
    [`${project}/restores`, '{}'],
  ])('goes on, most of the time: POST %s %s', (target, text) => {
    expect(parse(replyOf(200, text, requestTo(target, 'POST')))).toBeUndefined()
  })
})

describe('a backup that is looked at', () => {
  const item = requestTo(`${project}/checkpoint_items/b-1`)
  const failedWith = (extend_info: unknown) =>
    JSON.stringify({ checkpoint_item: { id: 'b-1', status: 'error', extend_info } })
  const watching = csbs({ failedBackups: 'throw' }).parse
  const fail_code = { Code: 5_001, Description: 'No space is left.' }

  it('and has failed is no failure of the look', () => {
    expect(parse(replyOf(200, failedWith({ fail_op: 'backup', fail_reason: 'why', fail_code }), item))).toBeUndefined()
  })

  it.each([
    [{ fail_op: 'backup', fail_reason: 'why', fail_code }, 'BACKUP_FAILED', 'No space is left.: why', ['5001']],
    [{ fail_op: 'restore', fail_reason: 'why', fail_code: {} }, 'RESTORE_FAILED', 'why', undefined],
    [
      { fail_op: 'delete', fail_reason: '', fail_code: { Code: '7', Description: 'left' } },
      'DELETE_FAILED',
      'left',
      ['7'],
    ],
    [{ fail_reason: 'same', fail_code: { Code: 'CSBS.9999', Description: 'same' } }, 'CSBS.9999', 'same', undefined],
    [null, 'BACKUP_FAILED', undefined, undefined],
  ])('is one for those who want it to be: %o', (extend_info, code, message, details) => {
    expect(watching(replyOf(200, failedWith(extend_info), item))).toEqual({
      code,
      status: 200,
      ...(details && { details }),
      ...(message && { message }),
      inTask: true,
      settled: true,
    })
  })

  it.each(['protecting', 'available', 'restoring', 'deleted'])('and is %s is fine', (status) => {
    const text = JSON.stringify({ checkpoint_item: { status, extend_info: { fail_code: {}, fail_reason: '' } } })
    expect(watching(replyOf(200, text, item))).toBeUndefined()
  })
})

describe('whatever comes', () => {
  it('does not throw', () => {
    const targets = [check, requestTo(`${provider}/checkpoints`, 'POST'), requestTo(`${project}/checkpoint_items/b-1`)]
    const watching = csbs({ failedBackups: 'throw' })
    fc.assert(
      fc.property(
        fc.constantFrom(200, 400, 404, 500, 503),
        fc.json(),
        fc.constantFrom(...targets),
        (status, text, request) => {
          watching.parse(replyOf(status, text, request))
          watching.parse(replyOf(status, text.slice(1), request, false))
        },
      ),
    )
  })
})
