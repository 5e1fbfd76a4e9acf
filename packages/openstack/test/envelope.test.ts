import { describe, expect, it } from 'vitest'
import { readEnvelope } from '../src/index.ts'
import { captured } from './captured.ts'

describe('what servers have sent', () => {
  it.each(captured.map((one) => [one.what, one] as const))('reads %s', (_, { text, envelope }) => {
    expect(readEnvelope(text)).toEqual(envelope)
  })
})

describe('the request’s identifier', () => {
  it.each([
    ['beside the error', { request_id: 'req-1', error: { code: 'A.1', message: 'm' } }],
    [
      'within it, before one beside it',
      { request_id: 'req-2', error: { code: 'A.1', message: 'm', request_id: 'req-1' } },
    ],
    ['beside a sentence without a code', { request_id: 'req-1', error: { message: 'm' } }],
  ])('is read %s', (_, body) => {
    expect(readEnvelope(JSON.stringify(body))).toMatchObject({ message: 'm', requestId: 'req-1' })
  })
})

describe('a code', () => {
  it.each<[string, unknown, string | undefined, number | undefined]>([
    ['a text', 'VolumeBackup.0013', 'VolumeBackup.0013', undefined],
    ['a number', 1101, '1101', undefined],
    ['a long number', 111_401_001, '111401001', undefined],
    ['a number that is a status', 404, undefined, 404],
    ['a text that is a status', '404', undefined, 404],
    ['a status line', '503 Service Unavailable', undefined, 503],
    ['nought', 0, undefined, undefined],
    ['nothing', '', undefined, undefined],
    ['null', null, undefined, undefined],
    ['a sentence', 'no such thing!', undefined, undefined],
    ['an object', { code: 1 }, undefined, undefined],
    ['a fraction', 0.5, undefined, undefined],
    ['true', true, undefined, undefined],
  ])('that is %s', (_, code, read, status) => {
    for (const body of [
      { code, message: 'm' },
      { error: { code, message: 'm' } },
      { badRequest: { message: 'm', code } },
    ]) {
      const envelope = readEnvelope(JSON.stringify(body))
      expect(envelope).toMatchObject({ message: 'm' })
      expect([envelope?.code, envelope?.status]).toEqual([read, status])
    }
  })

  it('is looked for under several keys, the service’s own first', () => {
    expect(readEnvelope('{"code":400,"error_code":"IAM.0011"}')).toEqual({ code: 'IAM.0011' })
    expect(readEnvelope('{"errorCode":"E.1","message":"m"}')).toEqual({ code: 'E.1', message: 'm' })
  })

  it('counts alone where it stands outermost, and not where it may be anybody’s', () => {
    expect(readEnvelope('{"error_code":"A.1","error_msg":""}')).toEqual({ code: 'A.1' })
    expect(readEnvelope('{"volume":{"code":"A.1"}}')).toBeUndefined()
  })

  it('goes before a message without one', () => {
    const body = { message: 'it failed', error: { code: 'A.1', message: 'because' } }
    expect(readEnvelope(JSON.stringify(body))).toEqual({ code: 'A.1', message: 'because' })
  })

  it('may stand in a list or deeper down', () => {
    expect(readEnvelope('{"errors":[{"code":"A.1","message":"m"},{"code":"A.2","message":"n"}]}')).toEqual({
      code: 'A.1',
      message: 'm',
    })
    expect(readEnvelope('{"reply":{"error":{"code":"A.1","message":"m"}}}')).toEqual({ code: 'A.1', message: 'm' })
  })
})

describe('a message', () => {
  it('may be a document with a code in it', () => {
    const inner = JSON.stringify({ error: { code: 'VolumeBackup.0013', message: 'in use' } })
    const nested = JSON.parse(inner)
    expect(readEnvelope(JSON.stringify({ error_msg: inner }))).toEqual({
      code: 'VolumeBackup.0013',
      message: 'in use',
      nested,
    })
    expect(readEnvelope(JSON.stringify({ error_code: 'APIG.0201', error_msg: inner }))).toEqual({
      code: 'APIG.0201',
      message: 'in use',
      nested,
    })
  })

  it('stays as it is where it only looks like a document', () => {
    for (const message of ['{not json}', '{}', '{"a":1}', '{']) {
      expect(readEnvelope(JSON.stringify({ message }))?.message).toBe(message)
    }
  })

  it('is on one line, and no longer than a person reads', () => {
    const read = readEnvelope(JSON.stringify({ message: `a\n\n b${'c'.repeat(5_000)}` }))
    expect(read?.message).toMatch(/^a bc+…$/)
    expect(read?.message?.length).toBeLessThan(1_010)
  })

  it('may be called by other names', () => {
    expect(readEnvelope('{"error":"not_found","error_description":"no such thing"}')?.message).toBe('no such thing')
    expect(readEnvelope('{"error":"gone"}')?.message).toBe('gone')
  })
})

describe('a wait', () => {
  const waits = (retryAfter: unknown) => readEnvelope(JSON.stringify({ message: 'm', retryAfter }))?.retryAfter

  it.each<[unknown, number]>([
    [7, 7_000],
    ['7', 7_000],
    [' 1.5 ', 1_500],
    [0, 0],
    [86_400, 86_400_000],
  ])('of %j lasts %i milliseconds', (value, milliseconds) => {
    expect(waits(value)).toBe(milliseconds)
  })

  it.each([
    [{ valueOf: 1, toString: 1 }],
    [true],
    [[7]],
    [null],
    [-1],
    ['-1'],
    [' '],
    ['0x10'],
    ['1e3'],
    ['soon'],
    [86_401],
    ['86401'],
    [1e306],
  ])('of %j is none', (value) => {
    expect(waits(value)).toBeUndefined()
  })
})

it.each(['', ' ', 'null', 'true', '17', '"x"', '[]', '{}', '{"a":1}', '{"error":', '<html></html>', 'not found'])(
  'finds nothing in %j',
  (text) => {
    expect(readEnvelope(text)).toBeUndefined()
  },
)
