import { describe, expect, it } from 'vitest'
import { callOf, type Format, readCall, withFirst, writeCall } from '../src/wire/call.ts'
import { requestTo } from './facts.ts'

const read = (body: string) => {
  const call = readCall(body)
  return call && { ...call, params: call.params(), span: call.first && body.slice(call.first.start, call.first.end) }
}

const inXml = (value: string, around = '') =>
  ['<?xml version="1.0"?>', '<methodCall>', '<methodName>VM.start</methodName>', '<params>', '<param>', value]
    .concat(['</param>', '</params>', '</methodCall>'])
    .join(around)

describe('a call in JSON', () => {
  it('is read in both versions', () => {
    const two = '{"jsonrpc":"2.0","method":"VM.start","params":["OpaqueRef:1","OpaqueRef:vm",false,true],"id":7}'
    expect(read(two)).toMatchObject({
      format: 'json-rpc-2.0',
      method: 'VM.start',
      first: { text: 'OpaqueRef:1' },
      span: 'OpaqueRef:1',
      params: ['OpaqueRef:1', 'OpaqueRef:vm', false, true],
    })
    expect(read('{"method":"host.get_all","params":["OpaqueRef:1"],"id":0}')?.format).toBe('json-rpc-1.0')
  })

  it('is read whatever the order and the spacing of its members', () => {
    const body =
      ' {\n "params" : [ "a\\u0062\\"" , {"x":["]"]} ] , "id" : 1, "method" : "VM.start" , "jsonrpc" : "2.0" }\n'
    expect(read(body)).toMatchObject({
      format: 'json-rpc-2.0',
      method: 'VM.start',
      first: { text: 'ab"' },
      span: 'a\\u0062\\"',
      params: ['ab"', { x: [']'] }],
    })
  })

  it('is read up to its first parameter', () => {
    const cut = '{"jsonrpc":"2.0","method":"VM.start","params":["OpaqueRef:1",'
    expect(read(cut)).toMatchObject({ method: 'VM.start', first: { text: 'OpaqueRef:1' }, params: [] })
  })

  it('means what it says first', () => {
    const body = '{"method":"a.b","method":"c.d","params":["x"],"params":["y"]}'
    expect(read(body)).toMatchObject({ method: 'a.b', first: { text: 'x' }, params: ['x'] })
  })

  it.each([
    ['no parameters', '{"method":"a.b"}', []],
    ['an empty list', '{"method":"a.b","params":[]}', []],
    ['parameters by name', '{"method":"a.b","params":{"session":"x"}}', []],
    ['a number first', '{"method":"a.b","params":[5,"x"]}', [5, 'x']],
    ['a list first', '{"method":"a.b","params":[["x"]]}', [['x']]],
  ])('has no first text with %s', (_, body, params) => {
    expect(read(body)).toMatchObject({ method: 'a.b', first: undefined, params })
  })

  it.each([
    '',
    'null',
    '[{"method":"a.b","params":[]}]',
    '"a.b"',
    '{"params":["x"]}',
    '{"method":5,"params":["x"]}',
    '{"method":"","params":["x"]}',
    '{"method',
    '{',
    'session_id=x',
  ])('is not seen in %s', (body) => {
    expect(readCall(body)).toBeUndefined()
  })
})

describe('a call in XML', () => {
  it.each([
    ['untyped, on one line', inXml('<value>OpaqueRef:1</value>'), 'OpaqueRef:1', 'OpaqueRef:1'],
    ['typed', inXml('<value><string>OpaqueRef:1</string></value>'), 'OpaqueRef:1', 'OpaqueRef:1'],
    ['with lines between all tags', inXml('<value>\n<string>a b</string>\n</value>', '\n'), 'a b', 'a b'],
    ['in CDATA', inXml('<value><string><![CDATA[a<&>b]]></string></value>'), 'a<&>b', '<![CDATA[a<&>b]]>'],
    ['with entities', inXml('<value>&lt;&#65;&#x42;&amp;</value>'), '<AB&', '&lt;&#65;&#x42;&amp;'],
    ['empty', inXml('<value></value>'), '', ''],
    ['empty and typed', inXml('<value><string/></value>'), '', '<string/>'],
    ['nothing at all', inXml('<value/>'), '', '<value/>'],
    ['with white space of its own', inXml('<value> a\n</value>'), ' a\n', ' a\n'],
    ['with a comment', inXml('<value>a<!-- < -->b</value>'), 'ab', 'a<!-- < -->b'],
    [
      'declared as us-ascii',
      inXml('<value>a</value>').replace('"1.0"', '"1.0" encoding="us-ascii"').replace('<meth', '\r\n<meth'),
      'a',
      'a',
    ],
  ])('has a first text: %s', (_, body, text, span) => {
    expect(read(body)).toMatchObject({ format: 'xml-rpc', method: 'VM.start', first: { text }, span, params: [text] })
  })

  it('has no first text where another type comes first', () => {
    const body = inXml('<value><int>5</int></value></param><param><value>x</value>')
    expect(read(body)).toMatchObject({ method: 'VM.start', first: undefined, params: [5, 'x'] })
    const nested = inXml('<value><array><data><value>x</value></data></array></value>')
    expect(read(nested)).toMatchObject({ first: undefined, params: [['x']] })
  })

  it('is read without parameters', () => {
    const body = '<methodCall><methodName>host.get_all</methodName><params/></methodCall>'
    expect(read(body)).toMatchObject({ method: 'host.get_all', first: undefined, params: [] })
  })

  it('means what it says first', () => {
    const body = inXml('<value>a</value>').replace('</methodCall>', '<params><value>b</value></params>$&')
    expect(read(body)).toMatchObject({ first: { text: 'a' }, params: ['a'] })
  })

  it('has its name without the white space around it', () => {
    expect(read(inXml('<value>a</value>').replace('VM.start', '\n  VM.start\n'))?.method).toBe('VM.start')
  })

  it('decodes every type', () => {
    const typed = [
      '<int>5</int>',
      '<i4>-6</i4>',
      '<i8>9007199254740993</i8>',
      '<boolean>1</boolean>',
      '<boolean>0</boolean>',
    ]
      .concat(['<double>1.5</double>', '<double>nan</double>', '<double>-inf</double>', '<nil/>'])
      .concat([
        '<dateTime.iso8601>20261121T10:00:00Z</dateTime.iso8601>',
        '<base64>YQ==</base64>',
        '<array><data/></array>',
      ])
      .concat([
        '<struct><member><name>a</name><value>b</value></member></struct>',
        '<array><data>\n<value/>\n</data></array>',
      ])
    const body = inXml(typed.map((value) => `<value>${value}</value>`).join('</param><param>'))
    expect(readCall(body)?.params()).toEqual([
      ...[5, -6, '9007199254740993', true, false, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, null],
      ...['20261121T10:00:00Z', 'YQ==', [], { a: 'b' }, ['']],
    ])
  })

  it.each([
    '<',
    '<a/>',
    '<methodCall/>',
    '<methodCall><methodName/></methodCall>',
    '<methodCall><params><param><value>x</value></param></params></methodCall>',
    '<!DOCTYPE a><methodCall><methodName>a.b</methodName></methodCall>',
    '<methodCall><methodName>&custom;</methodName></methodCall>',
    `${'<a>'.repeat(100)}`,
  ])('is not seen in %s', (body) => {
    expect(readCall(body)).toBeUndefined()
  })
})

describe('another first parameter', () => {
  it.each([
    ['{"method":"a.b", "params":["old" , 1]}', '{"method":"a.b", "params":["n\\"<&\\u0001" , 1]}', 'n"<&\u0001'],
    [inXml('<value>old</value>'), inXml('<value>n&quot;&lt;&amp;</value>'), 'n"<&'],
    [inXml('<value><string>old</string></value>'), inXml('<value><string>new</string></value>'), 'new'],
    [inXml('<value><![CDATA[old]]></value>'), inXml('<value>new</value>'), 'new'],
    [inXml('<value> <string/> </value>'), inXml('<value> <string>new</string> </value>'), 'new'],
    [inXml('<value/>'), inXml('<value>new</value>'), 'new'],
    [inXml('<value></value>'), inXml('<value>new</value>'), 'new'],
  ])('is written into %s', (body, rewritten, text) => {
    const call = readCall(body)
    expect(call && withFirst(body, call, text)).toBe(rewritten)
    expect(readCall(rewritten)?.first?.text).toBe(text)
  })

  it('is refused where there is none, or XML has no form for it', () => {
    const none = '{"method":"a.b","params":[]}'
    const call = readCall(none)
    expect(() => call && withFirst(none, call, 'x')).toThrow('has no first parameter')
    const body = inXml('<value>a</value>')
    const xml = readCall(body)
    expect(() => xml && withFirst(body, xml, '\u0000')).toThrow(TypeError)
  })
})

describe('a written call', () => {
  it('is on one line', () => {
    expect(writeCall('json-rpc-2.0', 'VM.start', ['OpaqueRef:1', 5, null], 3)).toBe(
      '{"jsonrpc":"2.0","method":"VM.start","params":["OpaqueRef:1",5,null],"id":3}',
    )
    expect(writeCall('json-rpc-1.0', 'VM.start', [])).toBe('{"method":"VM.start","params":[],"id":0}')
    expect(writeCall('xml-rpc', 'VM.start', ['a<b\r', { x: true, y: undefined }])).toBe(
      '<?xml version="1.0"?><methodCall><methodName>VM.start</methodName><params><param><value><string>a&lt;b&#13;</string></value></param><param><value><struct><member><name>x</name><value><boolean>1</boolean></value></member></struct></value></param></params></methodCall>',
    )
  })

  it.each<Format>(['json-rpc-1.0', 'json-rpc-2.0', 'xml-rpc'])('carries dates and odd numbers in %s', (format) => {
    const params = [new Date('2026-11-21T10:00:00.5Z'), Number.NaN, Number.POSITIVE_INFINITY, -0.5, 2 ** 60]
    const read = readCall(writeCall(format, 'a.b', params))
    // JSON does not say that it is no whole number.
    const large = format === 'xml-rpc' ? 2 ** 60 : String(2 ** 60)
    expect(read?.params()).toEqual(['20261121T10:00:00Z', Number.NaN, Number.POSITIVE_INFINITY, -0.5, large])
  })

  it.each([[undefined], [() => 1], [1n], [Symbol.iterator], [new Date(Number.NaN)]])('refuses %s', (param) => {
    expect(() => writeCall('json-rpc-2.0', 'a.b', [param])).toThrow(TypeError)
    expect(() => writeCall('xml-rpc', 'a.b', [param])).toThrow(TypeError)
  })
})

describe('the call of a request', () => {
  it('is read once', () => {
    let asked = 0
    const request = {
      ...requestTo('/jsonrpc', 'POST'),
      get bodyText() {
        asked++
        return '{"method":"a.b","params":["x"]}'
      },
    }
    expect(callOf(request)).toBe(callOf(request))
    expect(callOf(request)?.method).toBe('a.b')
    expect(asked).toBe(1)
  })

  it('is none without a body, or with another', () => {
    expect(callOf(requestTo('/jsonrpc', 'POST'))).toBeUndefined()
    expect(callOf(requestTo('/import', 'PUT', 'binary'))).toBeUndefined()
  })
})
