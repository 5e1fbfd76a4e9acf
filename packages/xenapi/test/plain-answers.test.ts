import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../src/wire/answer.ts'
import { holdsLongNumber } from '../src/wire/long-number.ts'
import { readXmlRpc } from '../src/wire/xml.ts'
import { readPlainXml } from '../src/wire/xml-plain.ts'
import { mutated, toXml, values, written } from './answers.ts'

const around = (value: string) =>
  `<?xml version="1.0"?><methodResponse><params><param>${value}</param></params></methodResponse>`
const plainly = (text: string) =>
  text.replace(/[<>&]/g, (character) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[character] ?? character)

/** Documents as XAPI writes them. */
const plain = values.map((value) => around(toXml(value, { space: '', typed: false, encode: plainly })))

const records = fc
  .array(
    fc.record(
      { a: values, b: fc.string(), a1: fc.integer(), constructor: fc.string(), '0': fc.boolean() },
      { requiredKeys: ['a'] },
    ),
  )
  .map((list) => around(toXml(list, { space: '', typed: false, encode: plainly })))

describe('the fast reader of XML', () => {
  it('reads what the reader of every document reads, or nothing', () => {
    const documents = fc.oneof(
      plain,
      records,
      mutated(plain),
      mutated(records),
      written.map(({ text }) => text),
      mutated(written.map(({ text }) => text)),
    )
    fc.assert(
      fc.property(documents, (text) => {
        const [value, ...none] = readPlainXml(text)
        if (value === undefined) return
        expect(none).toEqual([])
        expect({ params: [value], fault: undefined, complete: true }).toEqual(readXmlRpc(text))
        expect(JSON.stringify(value)).toBe(JSON.stringify(readXmlRpc(text).params[0]))
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    [
      'a list of records',
      '<struct><member><name>a</name><value>1 &lt; 2</value></member><member><name>b</name><value><i8>9</i8></value></member></struct>',
    ],
    [
      'a list',
      '<array><data><value>a</value><value><nil/></value><value/></data></array>'.replace(
        '<value/>',
        '<value></value>',
      ),
    ],
    ['empty ones', '<array><data></data></array>'],
    [
      'empty ones in short',
      '<array><data><value><struct/></value><value><array/></value><value><array><data/></array></value></data></array>',
    ],
  ])('takes %s', (_, value) => {
    const text = around(`<value>${value}</value>`)
    expect(readPlainXml(text)).toEqual(readXmlRpc(text).params)
    expect(readPlainXml(text)).toHaveLength(1)
  })

  it.each([
    [
      'a member twice',
      '<value><struct><member><name>a</name><value>1</value></member><member><name>a</name><value>2</value></member></struct></value>',
    ],
    [
      'a name that every object has',
      '<value><struct><member><name>__proto__</name><value>1</value></member></struct></value>',
    ],
    ['a control character', '<value>\u0001</value>'],
    ['a half of a character', '<value>\ud800</value>'],
    ['an entity of its own', '<value>&own;</value>'],
    ['the end of a section', '<value>]]></value>'],
    ['a comment', '<value><!-- a -->1</value>'],
    ['an attribute', '<value><i4 a="b">1</i4></value>'],
    ['a tag that is not closed', '<value><i4>1</value>'],
    ['elements that lie too deep', `${'<value><array><data>'.repeat(30)}${'</data></array></value>'.repeat(30)}`],
    ['two parameters', '<value>1</value></param><param><value>2</value>'],
  ])('leaves %s to the other', (_, value) => {
    expect(readPlainXml(around(value))).toEqual([])
  })
})

describe('numbers that are too long', () => {
  const long = /(?:^|[:,[])\s*-?\d{16}/
  const text = fc
    .array(fc.constantFrom('"', ':', ',', '[', '-', ' ', 'a', '.', '1', '12345678', '1234567890123456', '\n'))
    .map((parts) => parts.join(''))

  it('are found wherever they stand, as by a look at every place', () => {
    fc.assert(
      fc.property(text, (json) => {
        expect(holdsLongNumber(json)).toBe(long.test(json))
      }),
      { numRuns: 5_000 },
    )
  })

  it('are looked for in time, however many digits a text has', () => {
    expect(holdsLongNumber(`"${'1'.repeat(5_000_000)}"`)).toBe(false)
  })
})

describe('the fast reader of JSON', () => {
  it.each([
    ['{"jsonrpc":"2.0","result":{"a":[1,{"id":1}]},"id":1}', { a: [1, { id: 1 }] }],
    ['\ufeff { "id" : "a" , "result" : "x" , "error" : null } \n', 'x'],
    ['{"result":1,"result":2,"id":1}', 1],
    ['{"result":{"a":1},"more":{"result":2},"result":3,"id":1}', { a: 1 }],
    ['{"result":"a","error":{"message":"b"},"id":1}', 'a'],
    ['{"result":null,"id":1}', null],
    ['{"r\\u0065sult":1,"result":2}', 1],
    ['{"result":9007199254740993,"id":1}', '9007199254740993'],
    ['{"result":[NaN],"id":1}', [Number.NaN]],
    ['{"result":"x\\",\\"id\\":1}","id":1}', 'x","id":1}'],
  ])('reads the first result of %s', (text, value) => {
    expect(readAnswer(text)).toEqual({ type: 'success', value })
  })

  it.each(['{"result":1', '{"result":1}}', '{"result":[1,}'])('takes %s for no answer', (text) => {
    expect(readAnswer(text)).toBeUndefined()
  })
})
