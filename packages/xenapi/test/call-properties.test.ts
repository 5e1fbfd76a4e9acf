import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Format, readCall, withFirst, writeCall } from '../src/wire/call.ts'
import { anyText, mutated, texts, toJson, toXml, values } from './answers.ts'

const formats = fc.constantFrom<Format>('json-rpc-1.0', 'json-rpc-2.0', 'xml-rpc')
const methods = fc.stringMatching(/^(Async\.)?[A-Za-z_]{1,10}\.[a-z_]{1,20}$/)

/** Calls as others write them. */
const calls = fc
  .record({
    method: methods,
    params: fc.array(values, { maxLength: 3 }),
    space: fc.constantFrom('', ' ', '\r\n'),
    typed: fc.boolean(),
    isXml: fc.boolean(),
    isEscaped: fc.boolean(),
  })
  .map(({ method, params, space, typed, isXml, isEscaped }) => {
    if (!isXml) return toJson({ id: 1, method, params, jsonrpc: '2.0' }, { space, isEscaped })
    const encode = (text: string) =>
      isEscaped
        ? text.replace(/[^a-z]/gu, (character) => `&#${character.codePointAt(0)};`)
        : `<![CDATA[${text.replaceAll(']]>', '')}]]>`
    const written = params.map((param) => `<param>${space}${toXml(param, { space, typed, encode })}${space}</param>`)
    return `<methodCall>${space}<methodName>${method}</methodName><params>${written.join(space)}</params></methodCall>`
  })

it('a call that was written is read back, in every format', () => {
  fc.assert(
    fc.property(formats, methods, fc.array(values, { maxLength: 4 }), (format, method, params) => {
      const body = writeCall(format, method, params, 3)
      const call = readCall(body)
      expect(call).toMatchObject({ format, method })
      expect(call?.first?.text).toBe(typeof params[0] === 'string' ? params[0] : undefined)
      expect(call?.params()).toEqual(params)
    }),
    { numRuns: 500 },
  )
})

it('another first parameter changes nothing outside its span, and reads back', () => {
  fc.assert(
    fc.property(fc.oneof(calls, mutated(calls)), texts, (body, text) => {
      const call = readCall(body)
      if (call?.first === undefined) return
      const { start, end } = call.first
      const rewritten = withFirst(body, call, text)
      expect(rewritten.startsWith(body.slice(0, start))).toBe(true)
      expect(rewritten.endsWith(body.slice(end))).toBe(true)
      const again = readCall(rewritten)
      expect(again).toMatchObject({ format: call.format, method: call.method, first: { text } })
      expect(again?.params().slice(1)).toEqual(call.params().slice(1))
      expect(call.params().length === 0 || call.params()[0] === call.first.text).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

it('whatever the body, reading it never throws', () => {
  fc.assert(
    fc.property(fc.oneof(mutated(calls), anyText, fc.json()), (body) => {
      const call = readCall(body)
      expect(Array.isArray(call?.params() ?? [])).toBe(true)
      expect(call?.method).not.toBe('')
    }),
    { numRuns: 1_000 },
  )
})
