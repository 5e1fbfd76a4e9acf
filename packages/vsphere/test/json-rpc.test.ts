import { resilient, type VendorError } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/catalogue.ts'
import { vsphere } from '../src/index.ts'
import { parse } from '../src/parse.ts'
import { replyOf, requestTo } from './reply.ts'

const request = requestTo('/api', 'POST')
const call = {
  jsonrpc: '2.0',
  id: '1',
  method: 'invoke',
  params: {
    serviceId: 'com.vmware.vcenter.VM',
    operationId: 'delete',
    ctx: {
      securityCtx: { schemeId: 'com.vmware.vapi.std.security.session_id', sessionId: 'hunter2session' },
      appCtx: {},
    },
    input: { STRUCTURE: { 'operation-input': { vm: 'vm-1' } } },
  },
}
const message = (id: string, text: string, args: readonly string[] = []) => ({
  STRUCTURE: { 'com.vmware.vapi.std.localizable_message': { id, default_message: text, args } },
})
const failed = (error: string, fields: object = { messages: [], data: { OPTIONAL: null } }) =>
  JSON.stringify({ jsonrpc: '2.0', id: '1', result: { error: { ERROR: { [error]: fields } } } })
const read = (text: string, status = 200) => parse(replyOf(status, text, { request }))

// vmware/vsphere-automation-sdk-go runtime/protocol/server/rpc/msg/JsonRpcEncoder.go, JsonRpcHandler.go
describe('an answer of the JSON-RPC at /api', () => {
  it.each([
    ['unauthenticated', 'UNAUTHENTICATED', 'auth', 'rejected'],
    ['service_unavailable', 'SERVICE_UNAVAILABLE', 'retryable', 'rejected'],
    ['timed_out', 'TIMED_OUT', 'retryable', 'unknown'],
    ['already_in_desired_state', 'ALREADY_IN_DESIRED_STATE', 'conflict', 'rejected'],
    ['not_found', 'NOT_FOUND', 'fatal', 'rejected'],
  ])('tells of %s in a 200', (name, code, kind, outcome) => {
    const fault = read(failed(`com.vmware.vapi.std.errors.${name}`))
    expect(fault).toMatchObject({ code, status: 200 })
    expect(fault).not.toHaveProperty('inTask')
    expect(fault && catalogue.find(fault)).toMatchObject({ code, kind, outcome })
  })

  it('has its messages and its data in wrappers', () => {
    const text = failed('com.vmware.vapi.std.errors.internal_server_error', {
      messages: [
        message('com.vmware.api.x', 'It broke.', ['vm-1']),
        message('com.vmware.api.cause', 'A disk is gone.'),
      ],
      data: { OPTIONAL: { STRUCTURE: { 'com.vmware.vapi.std.errors.transient_indication': { is_transient: true } } } },
    })
    expect(read(text)).toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      details: ['com.vmware.api.x', 'com.vmware.api.cause'],
      message: 'It broke. A disk is gone.',
      params: ['vm-1'],
      transient: true,
    })
  })

  it('keeps an error that a service has of its own', () => {
    expect(read(failed('com.vmware.content.own_error'))).toMatchObject({ code: 'com.vmware.content.own_error' })
  })

  it.each([
    [-32600, 'INVALID_REQUEST'],
    [-32601, 'INVALID_REQUEST'],
    [-31001, 'INVALID_REQUEST'],
    [-32603, 'INTERNAL_SERVER_ERROR'],
  ])('refuses a call with %i', (number, code) => {
    const text = JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: number, message: 'no' } })
    expect(read(text)).toMatchObject({ code, message: 'no' })
  })

  it.each([
    '{"jsonrpc":"2.0","id":"1","result":{"output":[]}}',
    '{"jsonrpc":"2.0","id":"1","result":{"output":{"STRUCTURE":{"x":{"error":{"ERROR":{"y":{}}}}}}}}',
    '{"jsonrpc":"2.0","id":"1","result":{"output":null}}',
    '{"jsonrpc":"2.0","id":"1","result":{"error":{"ERROR":{}}}}',
    '<html>',
    '[]',
    '',
  ])('is fine otherwise: %s', (text) => {
    expect(read(text)).toBeUndefined()
  })
})

describe('a call of the JSON-RPC at /api', () => {
  const vendor = vsphere({ url: 'https://vc.example', username: 'u', password: 'p' })
  const send = async (text: string) => {
    const sent: Headers[] = []
    const fetch = async (_: unknown, init?: RequestInit) => {
      sent.push(new Headers(init?.headers))
      return new Response(text, { headers: { 'content-type': 'application/json' } })
    }
    const client = resilient(fetch, { vendor, retry: { limit: 1, backoff: { fast: { base: 1, limit: 1 } } } })
    const error = await client('https://vc.example/api', { method: 'POST', body: JSON.stringify(call) }).then(
      () => undefined,
      (thrown: VendorError) => thrown,
    )
    return { sent, error }
  }

  it('is covered as a POST alone', () => {
    expect(vendor.covers?.(request)).toBe(true)
    expect(vendor.covers?.(requestTo('/api'))).toBe(false)
    expect(vendor.operation?.(request)).toBe('POST /api')
    expect(vendor.scope?.(request)).toBe('data')
  })

  it('shows the session of its caller, so that no login is made for it', async () => {
    const { sent, error } = await send(failed('com.vmware.vapi.std.errors.unauthenticated'))
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', kind: 'auth', reason: 'auth' })
    expect(sent.map((headers) => headers.get('vmware-api-session-id'))).toEqual([null])
    expect(JSON.stringify(error)).not.toContain('hunter2session')
  })

  it('is repeated after a plain refusal, and not after a time-out', async () => {
    expect((await send(failed('com.vmware.vapi.std.errors.service_unavailable'))).sent).toHaveLength(2)
    const { sent, error } = await send(failed('com.vmware.vapi.std.errors.timed_out'))
    expect(sent).toHaveLength(1)
    expect(error).toMatchObject({ mayBeDone: true, reason: 'not-repeatable' })
  })

  it('has secrets wherever an operation has them', () => {
    const secrets = vendor.secretsIn?.({
      ...request,
      bodyText: JSON.stringify({
        params: {
          input: { STRUCTURE: { x: { password: { SECRET: 'one-1' }, arguments: 'two-2', script_text: 'three-3' } } },
        },
      }),
    })
    expect(secrets).toEqual(expect.arrayContaining(['one-1', 'two-2', 'three-3']))
  })

  it('has the time that any operation may take', () => {
    expect(vendor.limits?.(request)?.timeout).toBe(600_000)
  })
})
