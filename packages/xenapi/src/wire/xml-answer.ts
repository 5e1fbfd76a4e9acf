import { type Answer, type Failure, failureFrom, isCode, paramOf, UNKNOWN } from './rpc-answer.ts'
import { readXmlRpc } from './xml.ts'
import { readPlainXml } from './xml-plain.ts'

/** The value of an answer that is known to be a success; `undefined` if the answer is not whole. */
export function readXmlSuccess(text: string): Answer | undefined {
  const plain = readPlainXml(text)
  const { params, complete } = plain.length > 0 ? { params: plain, complete: true } : readXmlRpc(text)
  if (!complete) return undefined
  const [answer] = params
  const isBare = !isStruct(answer) || !Object.hasOwn(answer, 'Status')
  return { type: 'success', value: isBare ? answer : Object.hasOwn(answer, 'Value') ? answer.Value : '' }
}

/** Reads an answer that is known to be a failure, as far as it can be read. */
export function readXmlFailure(text: string): Failure {
  const { params, fault } = readXmlRpc(text)
  if (fault !== undefined) return readFault(fault)
  const [answer] = params
  const description = isStruct(answer) && Object.hasOwn(answer, 'ErrorDescription') ? answer.ErrorDescription : []
  return failureFrom(Array.isArray(description) ? description : [description])
}

/** Reads a `<fault>`, which only other servers send: it is unknown what they had done before. */
function readFault(fault: unknown): Failure {
  const { faultCode = '', faultString = '' } = isStruct(fault) ? fault : {}
  const code = paramOf(faultCode)
  const sentence = paramOf(faultString)
  const message = sentence !== '' || isCode(code) ? sentence : code
  return { type: 'failure', code: isCode(code) ? code : UNKNOWN, params: [], ...(message !== '' && { message }) }
}

type Struct = Readonly<Record<string, unknown>>

const isStruct = (value: unknown): value is Struct =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
