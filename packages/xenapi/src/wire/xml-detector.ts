import { type BodyKind, type Detector, isSpace } from './detector.ts'
import { XmlLexer, type XmlSink } from './xml-lexer.ts'

const STRUCT = 5
const MEMBER = 6
/** Path of the members that decide. */
const path = ['methodResponse', 'params', 'param', 'value', 'struct', 'member']
/** Characters of a name or value that are kept: more than those that decide have. */
const TEXT_LENGTH = 20

/**
 * Decides by the first member of the answer's struct that is `Status` or `ErrorDescription`. A value that is no such
 * struct is a success by itself (`system.listMethods`); a `<fault>` is a failure.
 */
export class XmlDetector implements Detector, XmlSink {
  readonly #lexer = new XmlLexer(this)
  #kind: BodyKind | undefined
  #depth = 0
  /** Number of elements of the path that are open. */
  #matched = 0
  /** The part of a member that is being read. */
  #reading: 'name' | 'value' | undefined
  #name = ''
  #value = ''

  take(code: number): BodyKind | undefined {
    this.#lexer.take(code)
    return this.#kind
  }

  open(name: string): void {
    if (this.#matched === this.#depth) this.#openOnPath(name)
    this.#depth++
  }

  #openOnPath(name: string): void {
    const level = this.#matched
    if (level === MEMBER) return this.#openInMember(name)
    if (name === path[level]) {
      this.#matched++
      if (this.#matched === MEMBER) this.#forget()
    } else if (level === 0) this.#decide('none')
    else if (level === 1 && name === 'fault') this.#decide('failure')
    else if (level === path.indexOf('value') + 1) this.#decide('success')
  }

  #openInMember(name: string): void {
    if (name !== 'name' && name !== 'value') return
    this.#reading = name
    if (name === 'name') this.#name = ''
    else this.#value = ''
  }

  text(code: number): void {
    if (this.#reading === undefined) {
      if (this.#matched === this.#depth && path[this.#matched - 1] === 'value' && !isSpace(code))
        this.#decide('success')
      return
    }
    if (this.#reading === 'name') this.#name = longer(this.#name, code)
    else this.#value = longer(this.#value, code)
  }

  close(): void {
    this.#depth--
    if (this.#depth === MEMBER) {
      const read = this.#reading
      this.#reading = undefined
      if (read !== undefined) this.#weigh(read === 'value')
    }
    if (this.#depth >= this.#matched) return
    if (this.#matched === MEMBER) this.#weigh(true)
    // A struct without `Status`, or an empty value, is the value of a method that answers without a struct around it.
    else if (this.#matched === STRUCT || path[this.#matched - 1] === 'value') this.#decide('success')
    else if (this.#depth <= 0) this.#decide('none')
    this.#matched = this.#depth
  }

  doctype(): void {
    this.#decide('none')
  }

  #weigh(isWhole: boolean): void {
    const name = this.#name.trim()
    if (name === 'ErrorDescription') this.#decide('failure')
    else if (name === 'Status' && isWhole) this.#decide(this.#value.trim() === 'Success' ? 'success' : 'failure')
  }

  #forget(): void {
    this.#name = ''
    this.#value = ''
  }

  #decide(kind: BodyKind): void {
    this.#kind ??= kind
  }
}

/** Appends a character to a text, up to {@link TEXT_LENGTH} and without white space at its beginning. */
const longer = (text: string, code: number) =>
  text.length === TEXT_LENGTH || (text === '' && isSpace(code)) ? text : text + String.fromCharCode(code)
