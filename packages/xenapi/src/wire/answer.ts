import { detect } from './detect.ts'
import { readJsonFailure, readJsonSuccess } from './json-answer.ts'
import type { Answer } from './rpc-answer.ts'
import { skipBom } from './skip-bom.ts'
import { readXmlFailure, readXmlSuccess } from './xml-answer.ts'

export type { Answer } from './rpc-answer.ts'

/**
 * Reads a whole answer of any of the formats; `undefined` if it is none. Never throws.
 *
 * If an answer contradicts itself, what comes first counts: the first of `Status` and `ErrorDescription` in XML, the first of
 * `result` and `error` that is not null in JSON. A failure that is cut off is a failure all the same.
 */
export function readAnswer(text: string): Answer | undefined {
  const isJson = text[skipBom(text)] === '{'
  switch (detect(text)) {
    case 'success':
      return isJson ? readJsonSuccess(text) : readXmlSuccess(text)
    case 'failure':
      return isJson ? readJsonFailure(text) : readXmlFailure(text)
    default:
      return undefined
  }
}
