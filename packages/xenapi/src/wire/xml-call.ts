import type { RpcCall } from './rpc-call.ts'
import { readXmlRpc } from './xml.ts'
import { Enough, readDocument } from './xml-document.ts'

const METHOD = ['methodCall', 'methodName']
const VALUE = ['methodCall', 'params', 'param', 'value']
const STRING = [...VALUE, 'string']

/** The beginning of a call, up to its first parameter. */
interface CallHead {
  method: string | undefined
  first: RpcCall['first']
}

/** Reads the call in an XML body. */
export function readXmlCall(body: string): RpcCall | undefined {
  const { method, first } = readHead(body)
  if (method === undefined || method === '') return undefined
  return { format: 'xml-rpc', method, first, params: () => readXmlRpc(body).params }
}

function readHead(body: string): CallHead {
  const head: CallHead = { method: undefined, first: undefined }
  const path: string[] = []
  let text = ''
  let opened = 0
  // An untyped value is a string unless an element comes in it; white space around that element is not text.
  readDocument(body, {
    open(name, end) {
      path.push(name)
      if (path.length > VALUE.length && isIn(path, VALUE) && !isAt(path, STRING)) throw new Enough()
      text = ''
      opened = end
    },
    text(part) {
      text += part
    },
    close(_, end) {
      if (isAt(path, METHOD)) head.method ??= text.trim()
      if (isAt(path, VALUE) || isAt(path, STRING)) {
        head.first = { text, ...spanOf(body, opened, end) }
        throw new Enough()
      }
      path.pop()
    },
  })
  return head
}

const isIn = (path: readonly string[], place: readonly string[]) => place.every((name, level) => path[level] === name)

const isAt = (path: readonly string[], place: readonly string[]) => path.length === place.length && isIn(path, place)

/** The span of an element's content. A tag that closes itself has none and is to be replaced as a whole. */
function spanOf(body: string, opened: number, closed: number): { start: number; end: number } {
  const tag = body.lastIndexOf('<', closed - 1)
  return body.charAt(tag + 1) === '/' ? { start: opened, end: tag } : { start: tag, end: closed }
}
