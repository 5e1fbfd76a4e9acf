import { readAnswer } from '../../../packages/xenapi/src/wire/answer.ts'
import { readCall, withFirst } from '../../../packages/xenapi/src/wire/call.ts'
import { readPage, readReplyInBody } from '../../../packages/xenapi/src/wire/page.ts'
import { sniffer } from '../../../packages/xenapi/src/wire/sniff.ts'
import { ensure, joined, partsOf, type Target, textOf } from '../target.ts'

const struct = (members: string) =>
  `<?xml version="1.0"?><methodResponse><params><param><value><struct>${members}</struct></value></param></params></methodResponse>`
const member = (name: string, value: string) => `<member><name>${name}</name><value>${value}</value></member>`
const list = (items: string) => `<array><data>${items}</data></array>`

/** The word of a sniffer that is given the bytes in chunks. */
function sniffed(bytes: Uint8Array, size: number): string {
  const sniff = sniffer()
  for (let at = 0; at < bytes.length; at += size) {
    const finding = sniff(bytes.subarray(at, at + size))
    if (finding !== 'more') return finding
  }
  return 'more'
}

const answers: Target = {
  name: 'xenapi-answer',
  covers: /packages\/xenapi\/src\/wire\/(?!call|json-call|xml-call|write-call|xml-text|page)/,
  seeds: [
    '{"jsonrpc":"2.0","result":["OpaqueRef:1",{"a":NaN}],"id":1}',
    '{"jsonrpc":"2.0","error":{"code":1,"message":"HOST_IS_SLAVE","data":["10.0.0.2"]},"id":1}',
    '{"result":null,"error":["VM_BAD_POWER_STATE","OpaqueRef:1","Halted","Running"]}',
    '\ufeff \n{"result":null,"id":1}',
    '{"error":"Sorry, no."}',
    struct(
      member('Status', 'Success') +
        member('Value', '<struct><member><name>a</name><value><int>1</int></value></member></struct>'),
    ),
    struct(
      member('Status', 'Failure') +
        member('ErrorDescription', list('<value>SR_BACKEND_FAILURE_46</value><value><double>nan</double></value>')),
    ),
    struct(
      member(
        'Value',
        list('<value><boolean>1</boolean></value><value><nil/></value><value><i8>99999999999999999999</i8></value>'),
      ),
    ),
    '<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>1</int></value></member><member><name>faultString</name><value>x</value></member></struct></value></fault></methodResponse>',
    '<methodResponse><!-- a --><?b c?><params><param><value><![CDATA[a]]]]>&#65;&amp;<b c="d"/></value></param></params></methodResponse>',
    'HTTP/1.1 500 Internal Error\r\n\r\n',
  ],
  run(input) {
    const text = textOf(input)
    const answer = readAnswer(text)
    const bytes = new TextEncoder().encode(text)
    const finding = sniffed(bytes, Math.max(1, bytes.length))
    ensure(finding === sniffed(bytes, 1) && finding === sniffed(bytes, 3), 'chunks do not matter')
    ensure(answer?.type !== 'failure' || finding === 'fault', 'a failure is known by its beginning')
    ensure(answer?.type !== 'success' || finding === 'fine', 'a success is known by its beginning')
    ensure(finding !== 'more' || answer === undefined, 'what decides nothing is no answer')
    if (answer?.type !== 'failure') return `${finding} ${answer === undefined ? '' : typeof answer.value}`
    const { code, params, message } = answer
    ensure(/^[A-Za-z][\w.-]{0,100}$/.test(code), 'a code is a word')
    ensure(
      params.every((param) => typeof param === 'string'),
      'parameters are texts',
    )
    ensure(message === undefined || typeof message === 'string', 'a message is a text')
    return `${finding} ${params.length > 0} ${message !== undefined}`
  },
}

const call = (params: string) => `<methodCall><methodName>VM.start</methodName><params>${params}</params></methodCall>`

const calls: Target = {
  name: 'xenapi-call',
  covers: /packages\/xenapi\/src\/wire\/(?:call|json-call|xml-call|json-span|xml-document|xml-text|lead)/,
  seeds: [
    '{"jsonrpc":"2.0","method":"VM.start","params":["OpaqueRef:SESSION","a",{"b":[1,null]}],"id":0}',
    '{"params":["\\u0041"],"method":"a.b"}',
    '{"method":"system.listMethods","params":[]}',
    call('<param><value><string>OpaqueRef:SESSION</string></value></param><param><value><int>1</int></value></param>'),
    call('<param> <value>a</value></param>'),
    call('<param><value/></param>'),
    call('<param><value><string/></value></param>'),
    call('<param><value><![CDATA[a]]></value></param>'),
    call('<param><value><array><data/></array></value></param>'),
  ],
  run(input) {
    const body = textOf(input)
    const found = readCall(body)
    if (found === undefined) return 'none'
    const { first, method, format } = found
    ensure(method !== '' || format !== 'xml-rpc', 'a method has a name')
    const params = found.params()
    ensure(Array.isArray(params), 'parameters are a list')
    if (first === undefined) return `${format} ${Math.min(params.length, 3)}`
    ensure(first.start >= 0 && first.start <= first.end && first.end <= body.length, 'a span lies in the body')
    ensure(params.length === 0 || params[0] === first.text, 'the first parameter is the first')
    const rewritten = withFirst(body, found, 'OpaqueRef:<&"\\é>')
    ensure(
      rewritten.startsWith(body.slice(0, first.start)) && rewritten.endsWith(body.slice(first.end)),
      'nothing else changes',
    )
    const again = readCall(rewritten)
    ensure(again?.method === method && again.first?.text === 'OpaqueRef:<&"\\é>', 'what was put is read back')
    return `${format} first ${params.length > 0}`
  },
}

const pages: Target = {
  name: 'xenapi-page',
  covers: /packages\/xenapi\/src\/wire\/page/,
  seeds: [
    '<html><body><h1>HTTP 500 internal server error</h1>Sorry.<h1> Additional information </h1>SR_BACKEND_FAILURE_46: [ ; The VDI is not available [opterr=a &lt;b&gt;]; ]</body></html>',
    '<html><body><h1>HTTP 500 internal server error</h1><h1> Additional information </h1>Xmlrpc.Parse_error(&quot;a&quot;) Line 1, bytes -1-2 (3, 4)</body></html>',
    'HTTP/1.1 500 Internal Error\r\ncontent-type: text/html\r\n\r\n<html><body><h1>HTTP 401 unauthorised</h1></body></html>',
    'HTTP/1.0 403 Forbidden\n\n<html><body><h1>HTTP 403 forbidden</h1>',
    'HTTP/1.1 404 Not Found',
  ].map((text) => joined('500', text)),
  run(input) {
    const [status = '', text = ''] = partsOf(input, 2)
    const all = [readPage(Number.parseInt(status, 10), text), readReplyInBody(text)]
    for (const failure of all) {
      if (failure === undefined) continue
      ensure(typeof failure.code === 'string' && failure.code !== '', 'a failure has a code')
      ensure(failure.params?.every((param) => typeof param === 'string') ?? true, 'parameters are texts')
      ensure((failure.message?.length ?? 0) <= text.length + 40, 'a message does not grow')
    }
    return all
      .map((failure) => (failure === undefined ? 'none' : `${failure.hadBegun} ${failure.params !== undefined}`))
      .join()
  },
  around: (hostile) => [joined('500', hostile), joined('500', `HTTP/1.1 500 a\r\n${hostile}`)],
}

export const xenapiTargets: readonly Target[] = [answers, calls, pages]
