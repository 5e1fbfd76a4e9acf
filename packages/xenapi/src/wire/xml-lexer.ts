import { isSpace, OTHER } from './detector.ts'

/** Receives the parts of a document as they come. */
export interface XmlSink {
  /** `name` may be cut, but is longer than any name that is looked for. */
  open(name: string): void
  text(code: number): void
  close(): void
  /** A document type begins. */
  doctype(): void
}

const TAG_BEGIN = 0x3c
const TAG_END = 0x3e
const SLASH = 0x2f
const AMPERSAND = 0x26
const SEMICOLON = 0x3b
const BANG = 0x21
const QUESTION = 0x3f
const DASH = 0x2d
const BRACKET = 0x5d
const quotes = new Set([0x22, 0x27])
const NAME_LENGTH = 20
const COMMENT = '--'
const CDATA = '[CDATA['

type Place =
  | 'text'
  | 'entity'
  | 'tag'
  | 'name'
  | 'attributes'
  | 'slash'
  | 'quoted'
  | 'closing'
  | 'bang'
  | 'comment'
  | 'cdata'
  | 'instruction'

/** Splits a document into its parts, character by character, from after its first `<` on. It keeps nothing and checks nothing. */
export class XmlLexer {
  readonly #sink: XmlSink
  #place: Place = 'tag'
  /** The name of a tag or an entity, or the text after `<!`, up to {@link NAME_LENGTH}. */
  #word = ''
  #quote = 0
  /** Characters of `--`, `]]` or `?` seen so far. */
  #ending = 0

  constructor(sink: XmlSink) {
    this.#sink = sink
  }

  take(code: number): void {
    switch (this.#place) {
      case 'text':
        return this.#takeText(code)
      case 'entity':
        return this.#takeEntity(code)
      case 'tag':
        return this.#takeTag(code)
      case 'name':
      case 'attributes':
      case 'slash':
        return this.#takeInTag(code)
      case 'quoted':
        if (code === this.#quote) this.#place = 'attributes'
        return
      case 'closing':
        if (code === TAG_END) this.#to('text', () => this.#sink.close())
        return
      case 'bang':
        return this.#takeBang(code)
      case 'comment':
        return this.#takeUntil(code, DASH, 2)
      case 'cdata':
        return this.#takeCdata(code)
      case 'instruction':
        return this.#takeUntil(code, QUESTION, 1)
    }
  }

  #to(place: Place, tell?: () => void): void {
    this.#place = place
    this.#word = ''
    this.#ending = 0
    tell?.()
  }

  #takeText(code: number): void {
    if (code === TAG_BEGIN) this.#to('tag')
    else if (code === AMPERSAND) this.#to('entity')
    else this.#sink.text(code)
  }

  /** Decodes numeric entities; no others occur in the texts that are searched for. */
  #takeEntity(code: number): void {
    if (code === TAG_BEGIN) {
      this.#sink.text(OTHER)
      this.#to('tag')
    } else if (code === SEMICOLON) {
      const decoded = numberOf(this.#word)
      this.#to('text')
      this.#sink.text(Math.min(decoded, OTHER))
    } else {
      this.#spell(code)
    }
  }

  #takeTag(code: number): void {
    if (code === SLASH) this.#to('closing')
    else if (code === BANG) this.#to('bang')
    else if (code === QUESTION) this.#to('instruction')
    else {
      this.#to('name')
      this.#spell(code)
    }
  }

  #takeInTag(code: number): void {
    if (code === TAG_END) {
      const name = this.#word
      const closes = this.#place === 'slash'
      this.#to('text')
      this.#sink.open(name)
      if (closes) this.#sink.close()
    } else if (code === SLASH) this.#place = 'slash'
    else if (quotes.has(code)) {
      this.#place = 'quoted'
      this.#quote = code
    } else if (isSpace(code) || this.#place !== 'name') this.#place = 'attributes'
    else this.#spell(code)
  }

  #takeBang(code: number): void {
    this.#spell(code)
    if (this.#word === COMMENT) this.#to('comment')
    else if (this.#word === CDATA) this.#to('cdata')
    else if (!COMMENT.startsWith(this.#word) && !CDATA.startsWith(this.#word)) this.#sink.doctype()
  }

  #takeUntil(code: number, mark: number, times: number): void {
    if (code === TAG_END && this.#ending >= times) this.#to('text')
    else this.#ending = code === mark ? this.#ending + 1 : 0
  }

  #takeCdata(code: number): void {
    if (code === BRACKET) this.#ending++
    else if (code === TAG_END && this.#ending >= 2) this.#brackets(2, 'text')
    else {
      this.#brackets(0, 'cdata')
      this.#sink.text(code)
    }
  }

  /** Passes on the brackets that turned out to be text. */
  #brackets(ending: number, place: Place): void {
    for (; this.#ending > ending; this.#ending--) this.#sink.text(BRACKET)
    this.#to(place)
  }

  #spell(code: number): void {
    if (this.#word.length < NAME_LENGTH) this.#word += String.fromCharCode(code)
  }
}

function numberOf(entity: string): number {
  const [, hex, decimal] = /^#(?:x([\da-f]+)|(\d+))$/i.exec(entity) ?? []
  return hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal ?? OTHER)
}
