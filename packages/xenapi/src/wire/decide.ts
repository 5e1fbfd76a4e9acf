import { type Decider, type Decision, isSpace, OTHER } from './decision.ts'
import { JsonDecider } from './json-decider.ts'
import { skipBom } from './skip-bom.ts'
import { XmlDecider } from './xml-decider.ts'

const BRACE = 0x7b
const TAG_BEGIN = 0x3c
const HTTP = 'HTTP/'

/** Decides about a body of any format by its first characters. */
export class AnswerDecider implements Decider {
  #format: Decider | undefined
  /** Characters of `HTTP/` seen so far; -1 once another one was seen. */
  #http = 0

  take(code: number): Decision | undefined {
    if (this.#format !== undefined) return this.#format.take(code)
    if (this.#http >= 0 && code === HTTP.charCodeAt(this.#http)) {
      return ++this.#http === HTTP.length ? 'reply' : undefined
    }
    if (this.#http > 0) return 'none'
    this.#http = -1
    if (isSpace(code)) return undefined
    if (code === BRACE) this.#format = new JsonDecider()
    else if (code === TAG_BEGIN) this.#format = new XmlDecider()
    else return 'none'
    return undefined
  }
}

/** Tells a whole HTTP reply from any other body. */
export class ReplyDecider implements Decider {
  #seen = 0

  take(code: number): Decision | undefined {
    if (code !== HTTP.charCodeAt(this.#seen)) return 'none'
    return ++this.#seen === HTTP.length ? 'reply' : undefined
  }
}

/** Decides about a body that was read as text; `none` also if it ends before anything is decided. */
export function decide(text: string): Decision {
  const decider = new AnswerDecider()
  for (let at = text.startsWith(HTTP) ? 0 : skipBom(text); at < text.length; at++) {
    const decision = decider.take(Math.min(text.charCodeAt(at), OTHER))
    if (decision !== undefined) return decision
  }
  return 'none'
}
