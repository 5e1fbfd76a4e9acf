import { describe, expect, it } from 'vitest'
import { readAnswer } from '../src/wire/answer.ts'

const xml = (value: string) =>
  `<?xml version="1.0"?><methodResponse><params><param><value>${value}</value></param></params></methodResponse>`
const member = (name: string, value: string) => `<member><name>${name}</name><value>${value}</value></member>`
const struct = (...members: string[]) => xml(`<struct>${members.join('')}</struct>`)
const list = (...values: string[]) =>
  `<array><data>${values.map((value) => `<value>${value}</value>`).join('')}</data></array>`

const success = (value: unknown) => ({ type: 'success', value })
const failure = (code: string, ...params: string[]) => ({ type: 'failure', code, params })
const isSlave = failure('HOST_IS_SLAVE', '10.0.0.2')

describe('as the server writes', () => {
  it.each([
    [
      '<?xml version="1.0"?><methodResponse><params><param><value><struct><member><name>Status</name><value>Success</value></member><member><name>Value</name><value>OpaqueRef:1</value></member></struct></value></param></params></methodResponse>',
      success('OpaqueRef:1'),
    ],
    [
      '<?xml version="1.0"?><methodResponse><params><param><value><struct><member><name>Status</name><value>Failure</value></member><member><name>ErrorDescription</name><value><array><data><value>HOST_IS_SLAVE</value><value>10.0.0.2</value></data></array></value></member></struct></value></param></params></methodResponse>',
      isSlave,
    ],
    ['{"result":"OpaqueRef:1","error":null,"id":0}', success('OpaqueRef:1')],
    ['{"result":null,"error":["HOST_IS_SLAVE","10.0.0.2"],"id":0}', isSlave],
    ['{"jsonrpc":"2.0","result":"OpaqueRef:1","id":0}', success('OpaqueRef:1')],
    ['{"jsonrpc":"2.0","error":{"code":1,"message":"HOST_IS_SLAVE","data":["10.0.0.2"]},"id":0}', isSlave],
    ['{"jsonrpc":"2.0","error":{"code":1,"message":"TOO_BUSY","data":[]},"id":0}', failure('TOO_BUSY')],
    ['{"jsonrpc":"2.0","error":["HOST_STILL_BOOTING"],"id":0}', failure('HOST_STILL_BOOTING')],
    [
      '{"jsonrpc":"2.0","error":{"code":1,"message":"Fault","data":["No async mode for this operation (rpc: X)"]},"id":0}',
      {
        ...failure('Fault', 'No async mode for this operation (rpc: X)'),
        message: 'No async mode for this operation (rpc: X)',
      },
    ],
    ['{"jsonrpc":"2.0","result":"","id":0}', success('')],
    ['{"result":null,"error":null,"id":0}', success(null)],
  ])('reads %s', (text, answer) => {
    expect(readAnswer(text)).toEqual(answer)
  })

  it('reads numbers that are no JSON', () => {
    const text = '{"jsonrpc":"2.0","result":{"a":NaN,"b":[Infinity,-Infinity,-1.5e3],"NaN":"Infinity, \\"NaN"},"id":0}'
    expect(readAnswer(text)).toEqual(
      success({
        a: Number.NaN,
        b: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1500],
        NaN: 'Infinity, "NaN',
      }),
    )
    expect(readAnswer('{"result":NaN}')).toEqual(success(Number.NaN))
    expect(readAnswer('{"result":[NaN,{"__proto__":1}]}')).toEqual(success([Number.NaN, JSON.parse('{"__proto__":1}')]))
  })

  it.each(['9007199254740993', '-9223372036854775808', '18446744073709551615', `1${'0'.repeat(400)}`])(
    'keeps a whole number that no `number` can hold as the text that was sent: %s',
    (digits) => {
      const list = `[1,${digits}, {"a":${digits}}]`
      const read = [1, digits, { a: digits }]
      expect(readAnswer(`{"result":${digits}}`)).toEqual(success(digits))
      expect(readAnswer(`{"result":${list},"id":0}`)).toEqual(success(read))
      // Neither of these is read by `JSON.parse` alone.
      expect(readAnswer(`{"result":${list},"x":"\\u0041"}`)).toEqual(success(read))
      expect(readAnswer(`{"result":[NaN,${list}]}`)).toEqual(success([Number.NaN, read]))
      expect(readAnswer(`{"result":null,"error":["E",${digits}],"id":0}`)).toEqual(failure('E', digits))
      expect(readAnswer(xml(`<int>${digits}</int>`))).toEqual(success(digits))
    },
  )

  it.each([
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
    ['9007199254740993.0', 9007199254740992],
    ['9007199254740993e2', 900719925474099300],
    ['"9007199254740993"', '9007199254740993'],
    ['":9007199254740993"', ':9007199254740993'],
  ])('reads every other value as JSON means it: %s', (text, value) => {
    expect(readAnswer(`{"result":${text}}`)).toEqual(success(value))
    expect(readAnswer(`{"result":[9007199254740993,${text}]}`)).toEqual(success(['9007199254740993', value]))
    expect(readAnswer(`{"result":[NaN,${text}]}`)).toEqual(success([Number.NaN, value]))
  })

  it.each(['{"result":nan}', '{"result":[NaN,]}', '{"result":[01,NaN]}', '{"result":{"a" NaN}}', '{"result":-NaN}'])(
    'takes nothing else for JSON: %s',
    (text) => {
      expect(readAnswer(text)).toBeUndefined()
    },
  )

  it('reads a bare value', () => {
    expect(readAnswer(xml(list('VM.start', 'VM.get_all')))).toEqual(success(['VM.start', 'VM.get_all']))
    expect(readAnswer(xml(''))).toEqual(success(''))
    expect(readAnswer(struct(member('a', 'b')))).toEqual(success({ a: 'b' }))
  })
})

describe('as others write', () => {
  it.each([
    ['typed strings', struct(member('Status', '<string>Success</string>'), member('Value', '<string>a</string>')), 'a'],
    ['an empty string', struct(member('Status', 'Success'), member('Value', '<string/>')), ''],
    ['nothing', struct(member('Status', 'Success'), '<member><name>Value</name><value/></member>'), ''],
    [
      'CDATA',
      struct(member('Status', '<![CDATA[Success]]>'), member('Value', '<string><![CDATA[<a>&]]]></string>')),
      '<a>&]',
    ],
    ['entities by number', struct(member('&#83;tatus', 'S&#x75;ccess'), member('Value', 'h&#233;&#xe9;')), 'héé'],
    ['its value first', struct(member('Value', 'a'), member('Status', 'Success')), 'a'],
    ['no value', struct(member('Status', 'Success')), ''],
  ])('reads %s', (_, text, value) => {
    expect(readAnswer(text)).toEqual(success(value))
  })

  it('reads lines between all tags, another encoding and comments', () => {
    const one = struct(
      member('Status', '<string>Failure</string>'),
      member('ErrorDescription', list('<string>A</string>')),
    )
    const lines = one.replaceAll('><', '>\r\n  <').replace('"1.0"', `'1.0' encoding="us-ascii"`)
    expect(readAnswer(`\uFEFF ${lines}\n`)).toEqual(failure('A'))
    expect(readAnswer(one.replace('<struct>', '<!-- <member> --><struct a=">" >'))).toEqual(failure('A'))
    expect(readAnswer(one.replace('<params>', '<!-- -- > <fault> --><params><?pi <fault>?>'))).toMatchObject({
      type: 'failure',
    })
  })

  it('reads a fault of another server', () => {
    const fault = (code: string, text: string) =>
      `<?xml version="1.0"?><methodResponse><fault><value><struct>${member('faultCode', code)}${member('faultString', text)}</struct></value></fault></methodResponse>`
    const sentence = 'no method "x"'
    expect(readAnswer(fault('<int>-32601</int>', sentence))).toEqual({
      ...failure('UNKNOWN_FAILURE'),
      message: sentence,
    })
    expect(readAnswer(fault('<int>1</int>', ''))).toEqual({ ...failure('UNKNOWN_FAILURE'), message: '1' })
    expect(readAnswer(fault('TOO_BUSY', 'later'))).toEqual({ ...failure('TOO_BUSY'), message: 'later' })
    expect(readAnswer('<methodResponse><fault/></methodResponse>')).toMatchObject(failure('UNKNOWN_FAILURE'))
  })
})

describe('failures that are hard to read', () => {
  it.each([
    ['{"error":[]}', failure('UNKNOWN_FAILURE')],
    ['{"error":[""]}', failure('UNKNOWN_FAILURE', '')],
    ['{"error":[5,"a"]}', failure('UNKNOWN_FAILURE', '5', 'a')],
    ['{"error":{}}', failure('UNKNOWN_FAILURE', '')],
    ['{"error":true}', { ...failure('UNKNOWN_FAILURE'), message: 'true' }],
    ['{"error":"it broke"}', { ...failure('UNKNOWN_FAILURE'), message: 'it broke' }],
    ['{"error":"TOO_BUSY"}', failure('TOO_BUSY')],
    ['{"error":["it broke","a"]}', { ...failure('UNKNOWN_FAILURE', 'a'), message: 'it broke' }],
    [
      '{"error":{"code":-32602,"message":"no OpaqueRef:1"}}',
      { ...failure('UNKNOWN_FAILURE'), message: 'no OpaqueRef:1' },
    ],
    ['{"error":["PLUGIN.code-1","a"]}', failure('PLUGIN.code-1', 'a')],
    [
      struct(member('Status', 'Failure'), member('ErrorDescription', list('bad OpaqueRef:1'))),
      { ...failure('UNKNOWN_FAILURE'), message: 'bad OpaqueRef:1' },
    ],
    ['{"error":["A",1,null,true,{"b":[1]},NaN]}', failure('A', '1', 'null', 'true', '{"b":[1]}', 'NaN')],
    ['{"error":["A","b",foo,"c"]}', failure('A', 'b')],
    ['{"error":{"message":"A","data":null}}', failure('A')],
    ['{"error":{"data":["b"],"message":"A"}}', failure('A', 'b')],
    ['{"error":{"message":"A","data":{"b":1}}}', failure('A', '{"b":1}')],
    [struct(member('Status', 'Failure')), failure('UNKNOWN_FAILURE')],
    [struct(member('Status', 'Pending')), failure('UNKNOWN_FAILURE')],
    [struct(member('Status', 'Failure'), member('ErrorDescription', 'TOO_BUSY')), failure('TOO_BUSY')],
    [struct(member('Status', 'Failure'), member('ErrorDescription', list())), failure('UNKNOWN_FAILURE')],
    [struct(member('ErrorDescription', list('A', '<int>5</int>', list('x')))), failure('A', '5', '["x"]')],
  ])('are failures: %s', (text, answer) => {
    expect(readAnswer(text)).toEqual(answer)
  })

  it('are failures where they are cut off, with what came before', () => {
    const json = '{"jsonrpc":"2.0","error":{"code":1,"message":"A","data":["b","c"]},"id":0}'
    expect(readAnswer(json.slice(0, json.indexOf('"c"') + 2))).toEqual(failure('A', 'b'))
    expect(readAnswer(json.slice(0, json.indexOf('"A"') + 2))).toMatchObject({ code: 'UNKNOWN_FAILURE' })
    const text = struct(member('Status', 'Failure'), member('ErrorDescription', list('A', 'bcd')))
    expect(readAnswer(text.slice(0, text.indexOf('bcd') + 2))).toEqual(failure('A'))
    expect(readAnswer(text.slice(0, text.indexOf('Failure</') + 9))).toBeUndefined()
    expect(readAnswer(text.slice(0, text.indexOf('Failure</value>') + 15))).toEqual(failure('UNKNOWN_FAILURE'))
  })
})

describe('answers that contradict themselves', () => {
  const described = member('ErrorDescription', list('A'))
  it.each([
    [struct(member('Status', 'Success'), member('Value', 'v'), described), success('v')],
    [struct(described, member('Status', 'Success'), member('Value', 'v')), failure('A')],
    [struct(member('Status', 'Failure'), member('Value', 'v'), described), failure('A')],
    [struct(member('Status', 'Success'), member('Status', 'Failure'), member('Value', 'v')), success('v')],
    [struct(member('Value', 'v'), member('Status', 'Failure'), described), failure('A')],
    [struct(member('Status', 'Failure'), described, member('ErrorDescription', list('B'))), failure('A')],
    ['{"result":1,"error":["A"]}', success(1)],
    ['{"error":["A"],"result":1}', failure('A')],
    ['{"result":null,"result":1,"error":["A"]}', success(1)],
    ['{"result":1,"result":null,"error":["A"]}', success(1)],
    ['{"result":1,"result":2}', success(1)],
    ['{"result":1,"\\u0072esult":2}', success(1)],
    ['{"error":null,"error":["A"],"error":["B"],"result":1}', failure('A')],
    ['{"\\u0065rror":["A"],"result":1}', failure('A')],
    ['{"x":{"error":["A"]},"result":1}', success(1)],
  ])('mean what they say first: %s', (text, answer) => {
    expect(readAnswer(text)).toEqual(answer)
  })
})

describe('what is no answer', () => {
  it.each([
    '',
    ' ',
    'null',
    '"text"',
    '[{"result":1}]',
    '{}',
    '{"id":0}',
    '{"error":null}',
    '{"result":1',
    '{"result":1}}',
    '{"result":1} x',
    '{result:1}',
    // An escape that is none; behind it quotes would be taken for digits.
    '{"re\\u\uFEFF{"error":["A"]}',
    '{"\\u12"error":["A"]}',
    '{"x":"\\u00"error":","error":["A"]}',
    '<html><body>hello</body></html>',
    '<!DOCTYPE html><html></html>',
    '<xport><meta/></xport>',
    '<methodResponse/>',
    '<methodResponse><params/></methodResponse>',
    struct(member('Status', 'Success'), member('Value', 'v')).slice(0, -1),
    struct(member('Status', 'Success'), member('Value', '&custom;')),
    `<!DOCTYPE a [<!ENTITY a "b">]>${struct(member('Status', 'Success'), member('Value', '&a;'))}`,
    struct(member('Status', 'Success'), member('Value', '</b>')),
    struct(member('Status', 'Success'), member('Value', '\u0001')),
    'HTTP/1.1 500 Internal Error\r\n\r\n',
  ])('is not read: %s', (text) => {
    expect(readAnswer(text)).toBeUndefined()
  })

  it('lies deeper than the bound', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    expect(readAnswer(`{"result":${nested(63)}}`)).toMatchObject({ type: 'success' })
    // What the platform itself reads has its own bounds.
    expect(readAnswer(`{"result":[NaN,${nested(63)}]}`)).toBeUndefined()
    expect(readAnswer(`{"result":[NaN,${nested(100_000)}]}`)).toBeUndefined()
    expect(readAnswer(`{"error":${nested(100_000)}}`)).toEqual(failure('UNKNOWN_FAILURE'))
    const lists = (depth: number) =>
      struct(
        member('Status', 'Success'),
        member('Value', `${'<array><data><value>'.repeat(depth)}${'</value></data></array>'.repeat(depth)}`),
      )
    expect(readAnswer(lists(19))).toMatchObject({ type: 'success' })
    expect(readAnswer(lists(20))).toBeUndefined()
    expect(readAnswer(lists(50_000))).toBeUndefined()
  })
})
