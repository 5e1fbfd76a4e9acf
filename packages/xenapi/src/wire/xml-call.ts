import type { RpcCall } from './rpc-call.ts'
import { readXmlRpc } from './xml.ts'
import { Enough, readDocument } from './xml-document.ts'

const METHOD = ['methodCall', 'methodName']
const VALUE = ['methodCall', 'params', 'param', 'value']
const STRING = [...VALUE, 'string']

/** What was seen of a call on the way to its first parameter. */
interface Seen {
  method: string | undefined
  first: RpcCall['first']
}

/** The call in an XML body. */
export function readXmlCall(body: string): RpcCall | undefined {
  const { method, first } = look(body)
  if (method === undefined || method === '') return undefined
  return { format: 'xml-rpc', method, first, params: () => readXmlRpc(body).params }
}

function look(body: string): Seen {
  const seen: Seen = { method: undefined, first: undefined }
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
      if (isAt(path, METHOD)) seen.method ??= text.trim()
      if (isAt(path, VALUE) || isAt(path, STRING)) {
        seen.first = { text, ...spanOf(body, opened, end) }
        throw new Enough()
      }
      path.pop()
    },
  })
  return seen
}

const isIn = (path: readonly string[], place: readonly string[]) => place.every((name, level) => path[level] === name)

const isAt = (path: readonly string[], place: readonly string[]) => path.length === place.length && isIn(path, place)

/** Where an element's content lies; a tag that closes itself has none, and is to be replaced as a whole. */
function spanOf(body: string, opened: number, closed: number): { start: number; end: number } {
  const tag = body.lastIndexOf('<', closed - 1)
  return body.charAt(tag + 1) === '/' ? { start: opened, end: tag } : { start: tag, end: closed }
}
