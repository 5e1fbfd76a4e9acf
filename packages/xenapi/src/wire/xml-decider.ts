import { type Decider, type Decision, isSpace } from './decision.ts'
import { XmlLexer, type XmlSink } from './xml-lexer.ts'

const STRUCT = 5
const MEMBER = 6
/** Where what decides lies. */
const path = ['methodResponse', 'params', 'param', 'value', 'struct', 'member']
/** Longer than the names and values that decide. */
const TEXT_LENGTH = 20

/**
 * Decides by the first member of the answer's struct that is `Status` or `ErrorDescription`. A value that is no such
 * struct is a success by itself (`system.listMethods`); a `<fault>` is a failure.
 */
export class XmlDecider implements Decider, XmlSink {
  readonly #lexer = new XmlLexer(this)
  #decision: Decision | undefined
  #depth = 0
  /** How much of the path is open. */
  #matched = 0
  /** What of a member is being read, and what was. */
  #reading: 'name' | 'value' | undefined
  #name = ''
  #value = ''

  take(code: number): Decision | undefined {
    this.#lexer.take(code)
    return this.#decision
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
    // A struct without a verdict, or a value without anything, is what was asked for.
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

  #decide(decision: Decision): void {
    this.#decision ??= decision
  }
}

/** A text with one character more, but for white space that it would begin with, and as far as it matters. */
const longer = (text: string, code: number) =>
  text.length === TEXT_LENGTH || (text === '' && isSpace(code)) ? text : text + String.fromCharCode(code)
