import fc from 'fast-check'
import { expect, it } from 'vitest'
import { faultOf, readEnvelope } from '../src/index.ts'
import { replyOf } from './tiny.ts'

const keys = ['error_code', 'error_msg', 'code', 'message', 'error', 'msg', 'retryAfter', 'title', 'badRequest', 'x']
const body = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.string(), fc.double(), fc.integer(), fc.constant(null), fc.boolean()),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4 }),
    tie('value').map((value) => JSON.stringify(value)),
  ),
})).value

// The unit `binary` makes a list of every character first, which takes a second.
const anyText = fc.string({ unit: fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)) })
const status = fc.integer({ min: 200, max: 599 })

it('never throws, and says only what can be shown', () => {
  fc.assert(
    fc.property(body, (value) => {
      const envelope = readEnvelope(JSON.stringify(value))
      expect(envelope?.message ?? '').not.toMatch(/[\n\t]/)
      expect(envelope?.message?.length ?? 0).toBeLessThan(1_010)
      expect(envelope?.code ?? 'A').toMatch(/^[\w.:-]{1,80}$/)
      expect(envelope?.retryAfter ?? 0).toBeGreaterThanOrEqual(0)
    }),
  )
})

it('never throws for texts that are no documents, whole or cut', () => {
  fc.assert(
    fc.property(anyText, body, fc.nat(), status, (text, value, at, code) => {
      const whole = JSON.stringify(value)
      for (const input of [text, `{${text}`, `<${text}`, whole.slice(0, at % (whole.length + 1))]) {
        readEnvelope(input)
        faultOf(replyOf(code, input))
      }
    }),
  )
})

it('finds the same code wherever a service puts it, as a number or a text', () => {
  const own = fc.oneof(
    fc
      .tuple(fc.stringMatching(/^[A-Z][A-Za-z]{1,12}$/), fc.integer({ min: 1, max: 9_999 }))
      .map(([a, b]) => `${a}.${b}`),
    fc.integer({ min: 1_000, max: 999_999_999 }),
  )
  fc.assert(
    fc.property(own, fc.string({ minLength: 1 }), (code, message) => {
      const shapes = [
        { error_code: code, error_msg: message },
        { code, message },
        { error: { code, message: `m${message}` } },
        { badRequest: { message: `m${message}`, code } },
        { error_msg: JSON.stringify({ error: { code, message: 'm' } }) },
      ]
      for (const shape of shapes) expect(readEnvelope(JSON.stringify(shape))?.code).toBe(String(code))
    }),
  )
})

it('takes no status for a code, however it is written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 400, max: 599 }), fc.boolean(), (number, asText) => {
      const code = asText ? String(number) : number
      expect(readEnvelope(JSON.stringify({ error: { code, message: 'm' } }))).toEqual({ status: number, message: 'm' })
      const fault = faultOf(replyOf(number, JSON.stringify({ error: { code, message: 'm' } })))
      expect(fault?.code ?? '').not.toMatch(/\d/)
    }),
  )
})

it('looks at so much of a body and no more', () => {
  const deep = 200_000
  expect(readEnvelope('['.repeat(deep) + ']'.repeat(deep))).toBeUndefined()
  expect(
    readEnvelope(`${'{"error":'.repeat(deep / 2)}{"code":"A.1","message":"m"}${'}'.repeat(deep / 2)}`),
  ).toBeUndefined()
  const wide = JSON.stringify({
    list: Array.from({ length: 20_000 }, () => ({})),
    error: { code: 'A.1', message: 'm' },
  })
  expect(readEnvelope(wide)?.code).toBe('A.1')
  const late = JSON.stringify({
    ...Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, {}])),
    code: 'A.1',
  })
  expect(readEnvelope(late)?.code).toBe('A.1')
  expect(readEnvelope(JSON.stringify({ code: 'A.1', message: 'x'.repeat(2_000_000) }))).toBeUndefined()
  let nested = JSON.stringify({ code: 'A.1', message: 'm' })
  for (let depth = 0; depth < 8; depth++) nested = JSON.stringify({ message: nested })
  expect(readEnvelope(nested)?.code).toBeUndefined()
})
