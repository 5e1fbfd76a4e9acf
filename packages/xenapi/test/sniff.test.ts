import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { sniffer } from '../src/wire/sniff.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** What the sniffer says to a body that comes whole, and how many bytes it needs. */
function sniffed(body: string) {
  const byByte = sniffer()
  let needed = 0
  let finding = 'more'
  for (const byte of bytes(body)) {
    if (finding !== 'more') break
    finding = byByte(Uint8Array.of(byte))
    needed++
  }
  return { finding, needed, atOnce: sniffer()(bytes(body)) }
}

/** That it is known from the part of the body up to and including `until`. */
const knownBy = (body: string, until: string) => body.indexOf(until) + until.length

const struct = (members: string) =>
  `<?xml version="1.0"?><methodResponse><params><param><value><struct>${members}</struct></value></param></params></methodResponse>`
const status = (text: string) => `<member><name>Status</name><value>${text}</value></member>`

describe('successes', () => {
  it.each([
    ['{"result":"OpaqueRef:1","error":null,"id":0}', '{"result":"'],
    ['{"jsonrpc":"2.0","result":{"a":1},"id":0}', '"result":{'],
    ['{"id":0, "error":null , "result" : 1}', '"result" : 1'],
    ['{"result":null,"error":null}', '}'],
    ['{"result":NaN}', '"result":N'],
    [struct(`${status('Success')}<member><name>Value</name><value/></member>`), 'Success</value>'],
    [struct(status('\n<string>Success</string>\n')), '</string>\n</value>'],
    [struct(status(`\n${' '.repeat(40)}<string>Success</string>${' '.repeat(40)}`)), '  </value>'],
    [struct(''), '</struct>'],
    ['<methodResponse><params><param><value><array>', '<array>'],
    ['<methodResponse><params><param><value>text', '<value>t'],
    ['<methodResponse><params><param><value/>', '<value/>'],
  ])('are known as soon as can be: %s', (body, until) => {
    expect(sniffed(body)).toEqual({ finding: 'fine', needed: knownBy(body, until), atOnce: 'fine' })
  })
})

describe('failures', () => {
  it.each([
    ['{"result":null,"error":["A"],"id":0}', '"error":['],
    ['{"jsonrpc":"2.0","error":{"code":1}}', '"error":{'],
    ['{"error":"A"}', '"error":"'],
    ['{"e\\u0072ror":["A"]}', 'ror":['],
    [struct(status('Failure')), 'Failure</value>'],
    [struct(status('&#70;ailure')), 'ailure</value>'],
    [struct('<member><name>ErrorDescription</name><value/></member>'), 'ErrorDescription</name>'],
    [struct('<member><name>\n<![CDATA[ErrorDescription]]>\n</name>'), '</name>'],
    [struct('<member><value>Failure</value><name>Status</name></member>'), '</name></member>'],
    ['<methodResponse><fault><value/>', '<fault>'],
    ['HTTP/1.1 500 Internal Error\r\n', 'HTTP/'],
  ])('are known as soon as can be: %s', (body, until) => {
    expect(sniffed(body)).toEqual({ finding: 'fault', needed: knownBy(body, until), atOnce: 'fault' })
  })

  it('are found behind a value of any size', () => {
    const value = `<member><name>Value</name><value><string>${'<![CDATA[ä]]]]>&#228;'.repeat(4_000)}</string></value></member>`
    expect(sniffed(struct(value + status('Failure'))).finding).toBe('fault')
    expect(sniffed(struct(value + status('Success'))).finding).toBe('fine')
    const other = `"x":${JSON.stringify(['ä"\\', { error: ['A'] }]).repeat(1)},`
    expect(sniffed(`{${other.repeat(3_000)}"error":["A"]}`).finding).toBe('fault')
    expect(sniffed(`{${other.repeat(3_000)}"result":[]}`).finding).toBe('fine')
  })

  it('are not seen in what only looks like one', () => {
    const nested =
      '<member><name>Value</name><value><struct><member><name>Status</name><value>Failure</value></member></struct></value></member>'
    expect(sniffed(struct(nested + status('Success'))).finding).toBe('fine')
    const hidden =
      '<!-- <fault> --><?pi <fault>?><member a="</struct>" b=\'>\'><name>Value</name><value><![CDATA[</value><fault>]]></value></member>'
    expect(sniffed(struct(hidden + status('Success'))).finding).toBe('fine')
    expect(sniffed('{"x":{"error":1},"y":"\\"error\\":1","result":1}').finding).toBe('fine')
  })
})

describe('anything else', () => {
  it.each([
    ['"error"', 1],
    ['[{"error":1}]', 1],
    ['HTTX', 4],
    ['HT{"error":["A"]}', 3],
    ['x', 1],
    ['\u0000\u0001', 1],
    ['é', 1],
    ['{}', 2],
    ['{"id":0}', 8],
    ['{error', 2],
    ['{"\\u\uFEFF{"error":["A"]}', 5],
    ['{"x":"\\u0g', 10],
    ['<!DOCTYPE html>', 3],
    ['<html><fault/>', 6],
    ['<xport>', 7],
    ['<methodResponse/>', 17],
  ])('is let through as soon as can be: %s', (body, needed) => {
    expect(sniffed(body)).toEqual({ finding: 'fine', needed, atOnce: 'fine' })
  })

  it('is not judged before there is something', () => {
    expect(sniffed('').finding).toBe('more')
    expect(sniffed(' \r\n\t').finding).toBe('more')
    expect(sniffed('\uFEFF\n{"error":["A"]}').finding).toBe('fault')
    expect(sniffed('\uFEFF<methodResponse><fault>').finding).toBe('fault')
    expect(sniffed('HTTP').finding).toBe('more')
    expect(sniffed(' HTTP/1.1 500').finding).toBe('fine')
  })
})

it('looks for a reply alone in what is somebody’s content', () => {
  const finding = (text: string) => sniffer('reply')(bytes(text))
  expect(finding('HTTP/1.1 500 Internal Error')).toBe('fault')
  expect(finding('HTTP')).toBe('more')
  for (const text of ['{"error":["A"]}', '<methodResponse><fault>', '\n', 'x', 'HTTX'])
    expect(finding(text)).toBe('fine')
})

it('sticks to its word', () => {
  const sniff = sniffer()
  expect(sniff(bytes('{"result":1'))).toBe('fine')
  expect(sniff(bytes(',"error":["A"]}'))).toBe('fine')
  expect(sniff(new Uint8Array())).toBe('fine')
})

it('keeps nothing of what it has seen', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const markup = 'Ab&gt;c ]'
  const beginnings = [
    [`${struct('<member><name>Value</name><value>').split('</struct>')[0]}`, markup],
    ['<methodResponse><params>', markup],
    ['<methodResponse><params>', '<a>'],
    ['<methodResponse><!--', markup],
    ['<methodResponse><', 'letters'],
    ['<methodResponse>&', 'letters'],
    ['<methodResponse a="', markup],
    ['<methodResponse><params><param><value><struct><member><name>', markup],
    ['{"x":"', markup],
    ['{"', 'letters'],
    ['{"x":', '[{'],
  ] as const
  for (const [beginning, part] of beginnings) {
    const sniff = sniffer()
    const chunk = bytes(part.repeat(10_000))
    sniff(bytes(beginning))
    sniff(chunk)
    collect()
    const before = process.memoryUsage().heapUsed
    for (let count = 0; count < 10; count++) expect(sniff(chunk)).toBe('more')
    collect()
    expect(process.memoryUsage().heapUsed - before, beginning).toBeLessThan(100_000)
  }
})
