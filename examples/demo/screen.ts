import type { Writable } from 'node:stream'
import { styleText } from 'node:util'
import { LiveLines } from './live-lines.ts'

/** Looks of a piece of text; plain where the stream is no terminal or `NO_COLOR` is set. */
export type Look = Parameters<typeof styleText>[0]

/** How a paragraph is set. */
export interface Layout {
  readonly look?: Look
  /** What its first line begins with. */
  readonly prefix?: string
  readonly prefixLook?: Look
  /** Columns before each further line. @default the width of `prefix` */
  readonly hang?: number
}

const width = 80

/** A place to write to, 80 columns wide. */
export class Screen {
  readonly #stream: Writable
  #live: LiveLines | undefined

  constructor(stream: Writable) {
    this.#stream = stream
  }

  /** Writes one line. */
  print(line = ''): void {
    const text = line.trimEnd()
    if (this.#live?.persist(text) !== true) this.#stream.write(`${text}\n`)
  }

  /** Makes lines that change in place, where the stream is a terminal. */
  live(): LiveLines {
    this.#live = new LiveLines(this.#stream, (line) => this.print(line))
    return this.#live
  }

  /** Writes a paragraph, its lines broken between words. */
  paragraph(text: string, { look = [], prefix = '', prefixLook = [], hang = prefix.length }: Layout = {}): void {
    const [line = '', ...lines] = wrap(text, width - prefix.length, width - hang)
    this.print(this.paint(prefixLook, prefix) + this.paint(look, line))
    for (const next of lines) this.print(' '.repeat(hang) + this.paint(look, next))
  }

  /** Writes a line across with a title in it. */
  heading(title: string): void {
    this.print()
    this.print(this.paint('bold', `── ${title} ${'─'.repeat(Math.max(0, width - title.length - 4))}`))
  }

  /** Colours a text, if the stream takes colours. */
  paint(look: Look, text: string): string {
    return styleText(look, text, { stream: this.#stream, validateStream: true })
  }
}

/** Breaks a text between words, into a first line and further ones. */
function wrap(text: string, first: number, further: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > (lines.length === 0 ? first : further)) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
