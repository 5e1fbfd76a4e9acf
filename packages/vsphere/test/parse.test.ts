import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/catalogue.ts'
import { parse } from '../src/parse.ts'
import { captured } from './captured.ts'
import { replyOf, requestTo } from './reply.ts'

const body = (value: unknown) => JSON.stringify(value)

describe('captured answers', () => {
  it.each(captured)('$seen', ({ status, text, fault }) => {
    expect(parse(replyOf(status, text))).toEqual(fault)
  })
})

describe('one object among many', () => {
  const rowOf = (status: number, value: unknown) => {
    const fault = parse(replyOf(status, body(value)))
    return fault && catalogue.find(fault)
  }
  const message = (id: string, args: readonly unknown[] = [], default_message = '') => ({ id, args, default_message })

  it.each([
    'vapi.data.structure.union.extra',
    'vapi.data.structure.union.missing',
    'vapi.data.structure.field.missing',
    'com.vmware.vapi.data.structure.union.extra',
    'vapi.bindings.typeconverter.tovalue.struct.field.error',
  ])('whose data do not fit says nothing of the service: %s', (id) => {
    for (const messages of [[message(id)], [message('vapi.other'), message(id)]]) {
      const row = rowOf(500, { error_type: 'INTERNAL_SERVER_ERROR', messages })
      expect(row).toMatchObject({ refines: 'INTERNAL_SERVER_ERROR', kind: 'fatal', trips: false })
    }
  })

  it('and a real fault of the service still counts', () => {
    expect(rowOf(500, { error_type: 'INTERNAL_SERVER_ERROR', messages: [message('vapi.other')] })).toMatchObject({
      trips: true,
    })
  })

  it('in a list that is too long is left out by a filter', () => {
    const messages = [message('com.vmware.api.vcenter.vm.too_many_matches')]
    expect(rowOf(500, { error_type: 'UNABLE_TO_ALLOCATE_RESOURCE', messages })?.hint).toMatch(/filter/)
    const hosts = [message('com.vmware.api.vcenter.host.too_many_matches')]
    expect(rowOf(500, { error_type: 'UNABLE_TO_ALLOCATE_RESOURCE', messages: hosts })?.hint).toMatch(/filter/)
  })

  it('that is a session of a content library has no power state', () => {
    const args = ['complete', 'ERROR', 'Error transferring file a.vmdk']
    const sentence =
      'The operation complete can not be invoked when the import session is in the ERROR state. Reason: x'
    const row = rowOf(400, {
      error_type: 'NOT_ALLOWED_IN_CURRENT_STATE',
      messages: [message('some.id', args, sentence)],
    })
    expect(row).toMatchObject({ code: 'SESSION_IN_ERROR', kind: 'conflict' })
    expect(row?.hint).not.toMatch(/power/)
  })

  it('that was made a moment ago may be answered with 403', () => {
    expect(rowOf(403, { error_type: 'UNAUTHORIZED', messages: [] })?.hint).toMatch(/too new/)
  })
})

describe('codes', () => {
  it('reads a type that nobody knows as it is', () => {
    expect(parse(replyOf(400, body({ error_type: 'BRAND_NEW', messages: [] })))?.code).toBe('BRAND_NEW')
    expect(parse(replyOf(400, body({ type: 'com.vmware.nsx.odd_error', value: {} })))?.code).toBe(
      'com.vmware.nsx.odd_error',
    )
  })

  it.each([
    'com.vmware.vapi.std.errors.resource_busy',
    'vapi.std.errors.resource_busy',
    'resource_busy',
    'RESOURCE_BUSY',
  ])('reads %s as RESOURCE_BUSY', (type) => {
    expect(parse(replyOf(400, body({ error_type: type })))?.code).toBe('RESOURCE_BUSY')
  })

  it('prefers error_type to the type around it', () => {
    const text = body({ type: 'com.vmware.vapi.std.errors.error', value: { error_type: 'TIMED_OUT', messages: [] } })
    expect(parse(replyOf(500, text))?.code).toBe('TIMED_OUT')
  })

  it.each([
    [400, 'INVALID_REQUEST'],
    [401, 'UNAUTHENTICATED'],
    [404, 'NOT_FOUND'],
    [500, 'INTERNAL_SERVER_ERROR'],
    [502, 'INTERNAL_SERVER_ERROR'],
    [503, 'SERVICE_UNAVAILABLE'],
  ])('falls back on status %i where a service names no type', (status, code) => {
    const fault = parse(replyOf(status, body({ messages: [{ id: 'some.id', default_message: 'Told.', args: [] }] })))
    expect(fault).toEqual({ code, status, details: ['some.id'], message: 'Told.' })
  })
})

describe('the server’s own word on time', () => {
  it.each([true, false])('reads is_transient: %s', (is_transient) => {
    const error = { error_type: 'ERROR', messages: [], data: { is_transient } }
    expect(parse(replyOf(500, body(error)))).toEqual({ code: 'ERROR', status: 500, transient: is_transient })
    const wrapped = { type: 'com.vmware.vapi.std.errors.error', value: error }
    expect(parse(replyOf(500, body(wrapped)))).toEqual({ code: 'ERROR', status: 500, transient: is_transient })
  })

  it('takes nothing but a boolean for it', () => {
    const fault = parse(replyOf(500, body({ error_type: 'ERROR', data: { is_transient: 'true' } })))
    expect(fault).toEqual({ code: 'ERROR', status: 500 })
  })
})

describe('answers without a body', () => {
  it.each([
    [402, 'UNAUTHORIZED'],
    [403, 'UNAUTHORIZED'],
    [408, 'TIMED_OUT'],
    [409, 'CONCURRENT_CHANGE'],
    [410, 'NOT_FOUND'],
    [423, 'RESOURCE_BUSY'],
    [428, 'CONCURRENT_CHANGE'],
    [429, 'SERVICE_UNAVAILABLE'],
    [503, 'SERVICE_UNAVAILABLE'],
    [504, 'TIMED_OUT'],
    [507, 'UNABLE_TO_ALLOCATE_RESOURCE'],
  ])('status %i is %s', (status, code) => {
    expect(parse(replyOf(status, ''))).toEqual({ code, status, details: [`HTTP_${status}`] })
    expect(parse(replyOf(status, ' \r\n'))?.code).toBe(code)
  })

  it.each([407, 412, 416, 418, 500, 501, 502, 511, 599])(
    'status %i is left to the rows for bare statuses',
    (status) => {
      expect(parse(replyOf(status, ''))).toBeUndefined()
    },
  )

  it('does not take a body that broke off for none', () => {
    expect(parse(replyOf(503, '', { complete: false }))).toBeUndefined()
  })

  it.each([
    [503, { kind: 'retryable', outcome: 'unknown', trips: true }],
    [429, { kind: 'retryable', outcome: 'rejected', trips: false }],
    [504, { kind: 'retryable', outcome: 'unknown', trips: true }],
    [401, { kind: 'auth', reauth: true }],
    [403, { kind: 'auth', reauth: false }],
    [409, { kind: 'conflict' }],
  ])('status %i finds its row', (status, row) => {
    const fault = parse(replyOf(status, ''))
    expect(fault && catalogue.find(fault)).toMatchObject(row)
  })

  it('tells a bare 503 from the vendor’s own word', () => {
    const own = parse(replyOf(503, body({ error_type: 'SERVICE_UNAVAILABLE', messages: [] })))
    expect(own && catalogue.find(own)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', outcome: 'rejected' })
  })
})

describe('a poisoned session', () => {
  const thrown = (argument: string) =>
    parse(
      replyOf(
        500,
        body({
          error_type: 'INTERNAL_SERVER_ERROR',
          messages: [{ id: 'vapi.bindings.method.impl.unexpected', default_message: 'X', args: [argument] }],
        }),
      ),
    )

  it('is told by the exception’s text, which comes as an argument', () => {
    const fault = thrown('Rejecting login on a session where login failed')
    expect(fault && catalogue.find(fault)).toMatchObject({ code: 'SESSION_LOGIN_FAILED', kind: 'auth', reauth: true })
  })

  it('is not seen in any other exception', () => {
    const fault = thrown('DuplicateName cannot be cast')
    expect(fault?.details).toEqual(['vapi.bindings.method.impl.unexpected'])
    expect(fault && catalogue.find(fault)).toMatchObject({ kind: 'fatal', trips: false })
  })
})

describe('a 200 that tells of failure', () => {
  const deploy = requestTo('/api/vcenter/ovf/library-item/item-1?action=deploy', 'POST')
  const deployRest = requestTo('/rest/com/vmware/vcenter/ovf/library-item/id:item-1?~action=deploy', 'POST')
  const attach = requestTo('/api/cis/tagging/tag-association?action=attach-multiple-tags-to-object', 'POST')
  const failed = (error: object) => ({ succeeded: false, error: { errors: [error], warnings: [], information: [] } })
  const message = { id: 'ovf.bad', default_message: 'Bad.', args: ['x'] }

  it('reads the error of an OVF deployment', () => {
    const result = failed({ category: 'SERVER', error: { error_type: 'RESOURCE_BUSY', messages: [message] } })
    const fault = {
      code: 'RESOURCE_BUSY',
      status: 200,
      details: ['ovf.bad'],
      message: 'Bad.',
      params: ['x'],
      inTask: true,
    }
    expect(parse(replyOf(200, body(result), { request: deploy }))).toEqual(fault)
    expect(parse(replyOf(200, body({ value: result }), { request: deployRest }))).toEqual(fault)
  })

  it('reads the older class name, and a category where no type is named', () => {
    const old = failed({
      category: 'SERVER',
      error: { '@class': 'com.vmware.vapi.std.errors.timed_out', messages: [] },
    })
    expect(parse(replyOf(200, body(old), { request: deploy }))?.code).toBe('TIMED_OUT')
    const input = failed({ category: 'INPUT', name: 'n', value: 'v', message })
    expect(parse(replyOf(200, body(input), { request: deploy }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: ['ovf.bad'],
    })
    const invalid = failed({ category: 'VALIDATION', issues: [{ category: 'VALUE_ILLEGAL', message }] })
    expect(parse(replyOf(200, body(invalid), { request: deploy }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'Bad.',
    })
  })

  it('takes a failure without a reason for an error, and errors without a verdict for a failure', () => {
    expect(parse(replyOf(200, body({ succeeded: false }), { request: deploy }))).toEqual({
      code: 'ERROR',
      status: 200,
      inTask: true,
    })
    expect(parse(replyOf(200, body({ error: { errors: [{}] } }), { request: deploy }))?.code).toBe('ERROR')
  })

  it('leaves successes alone, warnings and all', () => {
    const done = {
      succeeded: true,
      resource_id: { type: 'VirtualMachine', id: 'vm-1' },
      error: { errors: [], warnings: [message] },
    }
    expect(parse(replyOf(200, body(done), { request: deploy }))).toBeUndefined()
    expect(parse(replyOf(200, body({ success: true, error_messages: [] }), { request: attach }))).toBeUndefined()
  })

  it('reads the failed items of a tagging batch', () => {
    const result = {
      success: false,
      error_messages: [{ id: 'cis.tagging.objectNotFound.error', default_message: 'No tag.', args: [] }],
    }
    const fault = {
      code: 'ERROR',
      status: 200,
      details: ['cis.tagging.objectNotFound.error'],
      message: 'No tag.',
      inTask: true,
    }
    expect(parse(replyOf(200, body(result), { request: attach }))).toEqual(fault)
    expect(parse(replyOf(200, body({ value: result }), { request: attach }))).toEqual(fault)
  })

  it('does not look into any other success', () => {
    const result = body({ success: false, succeeded: false, error_type: 'ERROR', error: { errors: [{}] } })
    expect(parse(replyOf(200, result))).toBeUndefined()
    expect(parse(replyOf(200, result, { request: requestTo(deploy.url) }))).toBeUndefined()
    expect(parse(replyOf(202, body('task-1'), { request: deploy }))).toBeUndefined()
  })
})

describe('anything at all', () => {
  const anyText = fc.oneof(fc.string(), fc.json(), fc.constant(''), nearMisses())
  const anyRequest = fc.constantFrom(
    requestTo('/api/vcenter/vm'),
    requestTo('/api/vcenter/ovf/library-item', 'POST'),
    requestTo('/api/vcenter/ovf/library-item/i?action=deploy', 'POST'),
    requestTo('/rest/com/vmware/cis/tagging/tag-association?~action=detach-multiple-tags-from-object', 'POST'),
  )

  it('never makes it throw, and every fault has a code and a status', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        anyText,
        anyRequest,
        fc.boolean(),
        (status, text, request, complete) => {
          const fault = parse(replyOf(status, text, { request, complete }))
          if (fault === undefined) return
          expect(fault.code).not.toBe('')
          expect(fault.status).toBe(status)
          expect(fault.details?.every((detail) => typeof detail === 'string' && detail !== '') ?? true).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('never finds a fault in a success unless the body says that it failed', () => {
    const anyBody = fc.oneof(fc.string(), fc.json(), fc.constant(''))
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 399 }), anyBody, anyRequest, (status, text, request) => {
        fc.pre(!/"(?:succeeded|success|errors)"/.test(text))
        expect(parse(replyOf(status, text, { request }))).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  function nearMisses() {
    const value = fc.jsonValue({ maxDepth: 2 })
    const part = fc.record({ id: value, default_message: value, localized: value, args: value }, { requiredKeys: [] })
    const list = fc.oneof(value, fc.array(fc.oneof(part, value)))
    const error = fc.record(
      {
        error_type: fc.oneof(value, fc.string()),
        messages: list,
        data: fc.oneof(value, fc.record({ is_transient: value })),
      },
      { requiredKeys: [] },
    )
    const item = fc.record(
      { category: value, error: fc.oneof(error, value), message: value, issues: list },
      { requiredKeys: [] },
    )
    const shapes = fc.oneof(
      error,
      fc.record({ type: fc.oneof(value, fc.constant('com.vmware.x')), value: fc.oneof(error, value) }),
      fc.record({ name: fc.constant('com.vmware.x'), localizableMessages: list, majorErrorCode: value }),
      fc.record({ succeeded: value, error: fc.record({ errors: fc.oneof(value, fc.array(item)) }) }),
      fc.record({ success: value, error_messages: list }),
    )
    return shapes.map((shape) => JSON.stringify(shape))
  }
})
