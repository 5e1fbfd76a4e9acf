import { type BodyKind, type Detector, isSpace } from './detector.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const LETTER_N = 0x6e
const LETTER_U = 0x75
const OPEN = new Set([0x5b, 0x7b])
const CLOSE = new Set([0x5d, 0x7d])
const HEX_DIGIT = /[\dA-Fa-f]/
/** Characters of a key that are kept: more than those of the keys that decide. */
const KEY_LENGTH = 8

/** Decides by the first of `result` and `error` that is not null. Begins after the opening brace. */
export class JsonDetector implements Detector {
  /** Number of open brackets, the outermost not counted. */
  #depth = 0
  #place: 'key' | 'colon' | 'value' | 'behind' = 'key'
  #key = ''
  #isInString = false
  #escaped: 'no' | 'next' | 'number' = 'no'
  #digits = ''
  #hasResult = false

  take(code: number): BodyKind | undefined {
    if (this.#isInString) return this.#takeText(code)
    if (isSpace(code)) return undefined
    switch (this.#place) {
      case 'key':
        return this.#takeKey(code)
      case 'colon':
        this.#place = 'value'
        return code === COLON ? undefined : 'none'
      case 'value':
        return this.#takeValue(code)
      case 'behind':
        return this.#takeRest(code)
    }
  }

  #takeKey(code: number): BodyKind | undefined {
    if (CLOSE.has(code)) return this.#end()
    if (code !== QUOTE) return 'none'
    this.#key = ''
    this.#isInString = true
    return undefined
  }

  /** True if the first character of a value shows that it is null. */
  #takeValue(code: number): BodyKind | undefined {
    this.#place = 'behind'
    if (this.#key === 'error' && code !== LETTER_N) return 'failure'
    if (this.#key === 'result' && code !== LETTER_N) return 'success'
    this.#hasResult ||= this.#key === 'result'
    return this.#takeRest(code)
  }

  #takeRest(code: number): BodyKind | undefined {
    if (code === QUOTE) this.#isInString = true
    else if (OPEN.has(code)) this.#depth++
    else if (CLOSE.has(code) && --this.#depth < 0) return this.#end()
    else if (code === COMMA && this.#depth === 0) this.#place = 'key'
    return undefined
  }

  #end(): BodyKind {
    return this.#hasResult ? 'success' : 'none'
  }

  #takeText(code: number): BodyKind | undefined {
    if (this.#escaped === 'number') {
      const digit = String.fromCharCode(code)
      // If a quote were taken for a digit, the rest of the body would be misread.
      if (!HEX_DIGIT.test(digit)) return 'none'
      this.#digits += digit
      if (this.#digits.length < 4) return undefined
      this.#escaped = 'no'
      this.#spell(Number.parseInt(this.#digits, 16))
    } else if (this.#escaped === 'next') {
      this.#escaped = code === LETTER_U ? 'number' : 'no'
      this.#digits = ''
      if (code !== LETTER_U) this.#spell(0)
    } else if (code === BACKSLASH) {
      this.#escaped = 'next'
    } else if (code === QUOTE) {
      this.#isInString = false
      if (this.#place === 'key') this.#place = 'colon'
    } else {
      this.#spell(code)
    }
    return undefined
  }

  #spell(code: number): void {
    if (this.#place === 'key' && this.#key.length < KEY_LENGTH) this.#key += String.fromCharCode(code)
  }
}
