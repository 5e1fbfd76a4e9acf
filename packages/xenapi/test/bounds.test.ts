import { describe, expect, it } from 'vitest'
import { readAnswer } from '../src/wire/answer.ts'
import { readCall, withFirst } from '../src/wire/call.ts'
import { readPage, readReplyInBody } from '../src/wire/page.ts'

const { charCodeAt, charAt, slice } = String.prototype

/** How many characters are looked at or copied while something runs. */
function stepsOf(run: () => unknown): number {
  let steps = 0
  String.prototype.charCodeAt = function (at) {
    steps++
    return charCodeAt.call(this, at)
  }
  String.prototype.charAt = function (at) {
    steps++
    return charAt.call(this, at)
  }
  String.prototype.slice = function (start, end) {
    const part = slice.call(this, start, end)
    steps += part.length
    return part
  }
  try {
    run()
  } finally {
    Object.assign(String.prototype, { charCodeAt, charAt, slice })
  }
  return steps
}

const answer = (value: string) => `<methodResponse><params><param><value>${value}`
const status = (text: string) => answer(`<struct><member><name>Status</name><value>${text}</value></member>`)
const call = (value: string) => `<methodCall><methodName>a.b</methodName><params><param><value>${value}`
const description = '<member><name>ErrorDescription</name><value><array><data>'

/** Bodies that grow by a part that is repeated. */
const growing: Readonly<Record<string, (times: number) => string>> = {
  'quotes in a string without end': (times) => `{"error":"${'\\"'.repeat(times)}`,
  'strings in a key': (times) => `{${'"a"'.repeat(times)}`,
  'lists in lists': (times) => `{"error":${'['.repeat(times)}`,
  'objects in objects': (times) => `{${'"a":{'.repeat(times)}`,
  parameters: (times) => `{"error":["A"${',["b"]'.repeat(times)}]}`,
  'parameters without end': (times) => `{"error":["A"${',["b"]'.repeat(times)}`,
  members: (times) => `{${'"a":[1],'.repeat(times)}"result":1}`,
  'members of an error': (times) => `{"error":{${'"message":[1,'.repeat(times)}`,
  'numbers that are no JSON': (times) => `{"result":[${'NaN,{"a":-Infinity},'.repeat(times)}1]}`,
  'numbers, and no JSON at all': (times) => `{"result":[${'NaN,'.repeat(times)}]}`,
  'white space': (times) => `{"result":${' '.repeat(times)}1}`,
  'white space before anything': (times) => ' \n'.repeat(times),
  'parameters of a call': (times) => `{"method":"a.b","params":["a"${',["b"]'.repeat(times)}]}`,
  'members of a call': (times) => `{${'"params":["a"],'.repeat(times)}"method":"a.b"}`,
  'elements in elements': (times) => status('Failure') + '<a>'.repeat(times),
  'elements that are closed': (times) => `${status('Failure')}${description}${'<value>a</value>'.repeat(times)}`,
  'members of a struct': (times) => answer(`<struct>${'<member><name>a</name><value/></member>'.repeat(times)}`),
  'members after a verdict': (times) => status('Failure') + '<member><name>a</name><value/></member>'.repeat(times),
  'a long name with elements in it': (times) => `${status('Failure')}<${'a'.repeat(times)}>${'<b/>'.repeat(times)}`,
  'a long name in a call': (times) => `${call('a').slice(0, 12)}<${'a'.repeat(times)}>${'<b/>'.repeat(times)}`,
  'entities by number': (times) => `${status('Failure')}${description}<value>${'&#65;'.repeat(times)}`,
  'an entity without end': (times) => answer(`&${'a'.repeat(times)}`),
  'brackets in a section': (times) => `${status('Failure')}${description}<value><![CDATA[${']'.repeat(times)}`,
  sections: (times) => `${status('Failure')}${description}<value>${'<![CDATA[a]]>'.repeat(times)}`,
  lines: (times) => `${status('Failure')}${description}<value>${'a\r\n'.repeat(times)}`,
  comments: (times) => `<methodResponse>${'<!-- a -->'.repeat(times)}<fault>`,
  'a comment without end': (times) => `<methodResponse><fault><!--${'-'.repeat(times)}`,
  instructions: (times) => `<methodResponse><fault>${'<?a b?>'.repeat(times)}`,
  attributes: (times) =>
    `<methodResponse><fault><a ${Array.from({ length: times }, (_, at) => `a${at}=""`).join(' ')}>`,
  'a document type': (times) => `<!DOCTYPE a [${'<!ENTITY a "&a;&a;">'.repeat(times)}]><methodResponse>`,
  'sections in a call': (times) => call('<![CDATA[a]]>'.repeat(times)),
  'a text with many tags in a call': (times) => `${call('<!-- < -->'.repeat(times))}</value>`,
  'a page': (times) =>
    `<html><body><h1>HTTP 500 internal server error</h1><h1> Additional information </h1>A: [ ${'a; ] '.repeat(times)}`,
  'a reply': (times) => `HTTP/1.1 500 ${'\r'.repeat(times)}`,
}

it('the end of a long call is not looked at, and little of a long success', () => {
  const long = JSON.stringify({ name_label: 'x', other_config: { a: '[],'.repeat(90_000) } })
  const steps = (body: string) => stepsOf(() => readCall(body)?.first)
  expect(steps(`{"jsonrpc":"2.0","method":"VM.create","params":["OpaqueRef:1",${long}],"id":1}`)).toBeLessThan(500)
  expect(steps(`{"method":"VM.create","params":["OpaqueRef:1",${long}],"id":1}`)).toBeLessThan(500)
  // Its value is cut out once for the engine's own reader, and every sixteenth character looked at for long numbers.
  const success = `{"jsonrpc":"2.0","result":${long},"id":1}`
  expect(stepsOf(() => readAnswer(success))).toBeLessThan(1.1 * success.length)
})

describe.each(Object.entries(growing))('%s', (_, grown) => {
  const read = (body: string) => () => {
    readAnswer(body)
    const found = readCall(body)
    found?.params()
    if (found?.first) withFirst(body, found, 'b')
    readPage(500, body)
    readReplyInBody(body)
  }

  it('takes twice the steps for twice the size, at most', () => {
    const once = stepsOf(read(grown(2_000)))
    const twice = stepsOf(read(grown(4_000)))
    expect(once).toBeGreaterThan(0)
    expect(twice).toBeLessThan(2.1 * once + 2_000)
  })

  it('neither throws nor overflows at a megabyte', () => {
    const body = grown(Math.ceil(1_000_000 / (grown(2).length - grown(1).length)))
    expect(read(body)).not.toThrow()
  })
})
