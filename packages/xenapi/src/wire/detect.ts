import { type BodyKind, type Detector, isSpace, OTHER } from './detector.ts'
import { JsonDetector } from './json-detector.ts'
import { skipBom } from './skip-bom.ts'
import { XmlDetector } from './xml-detector.ts'

const BRACE = 0x7b
const TAG_BEGIN = 0x3c
const HTTP = 'HTTP/'

/** Decides about a body of any format by its first characters. */
export class AnswerDetector implements Detector {
  #format: Detector | undefined
  /** Characters of `HTTP/` seen so far; -1 once another one was seen. */
  #http = 0

  take(code: number): BodyKind | undefined {
    if (this.#format !== undefined) return this.#format.take(code)
    if (this.#http >= 0 && code === HTTP.charCodeAt(this.#http)) {
      return ++this.#http === HTTP.length ? 'reply' : undefined
    }
    if (this.#http > 0) return 'none'
    this.#http = -1
    if (isSpace(code)) return undefined
    if (code === BRACE) this.#format = new JsonDetector()
    else if (code === TAG_BEGIN) this.#format = new XmlDetector()
    else return 'none'
    return undefined
  }
}

/** Distinguishes a whole HTTP reply from any other body. */
export class ReplyDetector implements Detector {
  #seen = 0

  take(code: number): BodyKind | undefined {
    if (code !== HTTP.charCodeAt(this.#seen)) return 'none'
    return ++this.#seen === HTTP.length ? 'reply' : undefined
  }
}

/** Decides about a body that was read as text; `none` also if it ends before that is decided. */
export const detect = (text: string): BodyKind => decided(text) ?? 'none'

/** True for a text that is no answer; for an incomplete body, only if its beginning shows that. */
export const isNoAnswer = (text: string, complete: boolean): boolean =>
  (decided(text) ?? (complete ? 'none' : undefined)) === 'none'

function decided(text: string): BodyKind | undefined {
  const detector = new AnswerDetector()
  for (let at = text.startsWith(HTTP) ? 0 : skipBom(text); at < text.length; at++) {
    const kind = detector.take(Math.min(text.charCodeAt(at), OTHER))
    if (kind !== undefined) return kind
  }
  return undefined
}
