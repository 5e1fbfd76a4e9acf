import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { isObject, objectOf, objectsIn, parseJson, parseObject, textOf } from '../src/plugin.ts'
import { secretsInBody } from '../src/secrets/named-secrets.ts'

it('parses every object, list and text that JSON can write', () => {
  const values = fc.oneof(fc.string(), fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()))
  fc.assert(
    fc.property(values, (value) => {
      expect(parseJson(` \r\n${JSON.stringify(value)} `)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

it.each(['', 'busy', '<html>{}</html>', '{"a":', '{"a":1}}', '\u0000'])('returns undefined for %j', (text) => {
  expect(parseJson(text)).toBeUndefined()
})

it.each(['{"a":[1,2', '[[[[', '"a', '["a"} ', 'busy', ' '])('does not begin to parse %j', (text) => {
  const parse = vi.spyOn(JSON, 'parse')
  expect(parseJson(text)).toBeUndefined()
  expect(secretsInBody(text)).toEqual([])
  expect(parse).not.toHaveBeenCalled()
})

it('takes an object for an object, and nothing else', () => {
  expect(parseObject('{"code":1}')).toEqual({ code: 1 })
  for (const text of ['[]', '"a"', 'null', undefined]) expect(parseObject(text)).toBeUndefined()
  for (const value of [[], null, 'a', 1, undefined]) {
    expect([isObject(value), objectOf(value)]).toEqual([false, undefined])
  }
})

it('picks texts and objects out of anything', () => {
  expect(['a', '', 1, null].map(textOf)).toEqual(['a', undefined, undefined, undefined])
  expect([[{ a: 1 }, 'b', null, []], { a: 1 }, undefined].map(objectsIn)).toEqual([[{ a: 1 }], [], []])
})
